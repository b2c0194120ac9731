package io.milena.replication.model;

/** Something that holds after every event, whatever happens. */
interface Invariant {
    /** A replica, or what is known of it, may have changed. */
    void check(ModelBroker changed, Story story);
}

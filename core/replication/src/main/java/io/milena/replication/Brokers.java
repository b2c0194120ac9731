package io.milena.replication;

import org.jspecify.annotations.Nullable;

/** What the cluster's metadata say of the brokers at this moment. */
@FunctionalInterface
public interface Brokers {
    /** Null when nobody is registered with that id. */
    @Nullable
    Broker find(int id);

    /**
     * One registration of a broker.
     *
     * @param epoch grows with each registration, so it tells the lives of a broker apart (KIP-903)
     * @param rack null where the broker has none
     */
    record Broker(
            int id, long epoch, Standing standing, @Nullable String rack) {}

    /** What a broker may do. */
    enum Standing {
        ACTIVE,
        /** The controller has not heard of it for too long, or not yet. */
        FENCED,
        /** It hands its leaderships over before it stops. */
        SHUTTING_DOWN
    }
}

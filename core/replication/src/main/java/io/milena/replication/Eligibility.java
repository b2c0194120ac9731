package io.milena.replication;

/** Which followers a controller would take into the ISR (KIP-841, KIP-903). */
final class Eligibility {
    private Eligibility() {}

    /** It is not fenced, does not shut down, and the life of it that fetches is the one that the metadata know. */
    static boolean mayJoin(FollowerProgress follower, Brokers brokers) {
        Brokers.Broker broker = brokers.find(follower.id());
        return broker != null
                && broker.standing() == Brokers.Standing.ACTIVE
                && (follower.brokerEpoch() == -1 || follower.brokerEpoch() == broker.epoch());
    }

    /** A fetch of an earlier life, which says nothing about the one that is registered. */
    static boolean isOfAnEarlierLife(FollowerFetch fetch, Brokers brokers) {
        Brokers.Broker broker = brokers.find(fetch.replicaId());
        return broker != null && fetch.brokerEpoch() != -1 && fetch.brokerEpoch() < broker.epoch();
    }
}

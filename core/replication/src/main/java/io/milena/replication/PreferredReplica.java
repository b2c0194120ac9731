package io.milena.replication;

import java.util.Comparator;
import java.util.OptionalInt;

/** Which replica a consumer had better read from (KIP-392), by Kafka's {@code RackAwareReplicaSelector}. */
public final class PreferredReplica {
    private PreferredReplica() {}

    /**
     * An in-sync follower in the consumer's rack that has the offset, if the leader is elsewhere: of several the one that has most, then the one that was caught up last, then the one with the largest id.
     *
     * @return empty when the leader itself is as good as any
     */
    public static OptionalInt choose(Leader leader, long offset, String rack, Brokers brokers) {
        if (rack.isEmpty() || isIn(rack, leader.localId(), brokers)) {
            return OptionalInt.empty();
        }
        return leader.followers().stream()
                .filter(follower -> leader.isr().contains(follower.id()))
                .filter(follower -> follower.startOffset() >= 0 && follower.startOffset() <= offset)
                .filter(follower -> follower.endOffset() >= offset)
                .filter(follower -> isIn(rack, follower.id(), brokers))
                .max(Comparator.comparingLong(FollowerProgress::endOffset)
                        .thenComparingLong(FollowerProgress::lastCaughtUpMs)
                        .thenComparingInt(FollowerProgress::id))
                .map(follower -> OptionalInt.of(follower.id()))
                .orElseGet(OptionalInt::empty);
    }

    private static boolean isIn(String rack, int id, Brokers brokers) {
        Brokers.Broker broker = brokers.find(id);
        return broker != null && broker.standing() != Brokers.Standing.FENCED && rack.equals(broker.rack());
    }
}

package io.milena.simulator.invariants;

import java.util.UUID;

/**
 * A replica between two steps.
 *
 * @param tellsLatestOffset whether consumers are told the high watermark as the latest offset (KIP-207)
 */
public record Sighting(
        Life life,
        Place place,
        Role role,
        int leaderEpoch,
        long highWatermark,
        boolean tellsLatestOffset,
        BatchLog log) {
    /** One process of one broker. */
    public record Life(int broker, int number) {
        @Override
        public String toString() {
            return "broker " + broker + " in its life " + number;
        }
    }

    /** One partition, under the id of its topic: another topic of the same name has other partitions. */
    public record Place(UUID topicId, String topic, int partition) {
        @Override
        public String toString() {
            return topic + "-" + partition;
        }
    }

    /** What the replica is to its broker. */
    public enum Role {
        LEADER,
        FOLLOWER,
        NONE
    }

    boolean isLeader() {
        return role == Role.LEADER;
    }

    /** Up to where consumers may see this log. */
    long visibleEnd() {
        return role == Role.NONE ? 0 : Math.min(highWatermark, log.endOffset());
    }
}

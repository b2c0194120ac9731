package io.milena.replication.model;

import io.milena.protocol.ErrorCode;
import io.milena.replication.Leader;
import java.util.Map;
import java.util.TreeMap;

/**
 * In one epoch the high watermark only grows. Across leaders it may lie lower for a while, since a new one does not know how far it was; but no leader has less than what an earlier one has shown, and none
 * tells consumers a latest offset below what an earlier one has told (KIP-207).
 */
final class HighWatermarkNeverGoesBack implements Invariant {
    /** By leader epoch. */
    private final TreeMap<Integer, Long> shown = new TreeMap<>();

    private final TreeMap<Integer, Long> told = new TreeMap<>();

    @Override
    public void check(ModelBroker changed, Story story) {
        if (!(changed.state() instanceof Leader leader)) {
            return;
        }
        int epoch = leader.leaderEpoch();
        long highWatermark = leader.highWatermark();
        if (highWatermark < shown.getOrDefault(epoch, 0L)) {
            throw new Violation(this, changed.id + " goes back from " + shown.get(epoch) + " to " + highWatermark);
        }
        Map.Entry<Integer, Long> earlier = shown.lowerEntry(epoch);
        if (earlier != null && changed.log.endOffset() < highest(shown.headMap(epoch))) {
            throw new Violation(
                    this,
                    changed.id + " leads epoch " + epoch + " with " + changed.log.endOffset()
                            + " offsets, and earlier leaders have shown " + highest(shown.headMap(epoch)));
        }
        shown.put(epoch, highWatermark);
        boolean isTold = leader.latestOffsetError() == ErrorCode.NONE;
        if (isTold && highWatermark < highest(told.headMap(epoch))) {
            throw new Violation(
                    this, changed.id + " tells " + highWatermark + " after " + highest(told.headMap(epoch)));
        }
        if (isTold) {
            told.put(epoch, highWatermark);
        }
    }

    private static long highest(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}

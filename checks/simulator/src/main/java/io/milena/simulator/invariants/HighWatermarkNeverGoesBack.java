package io.milena.simulator.invariants;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * In one epoch a leader's high watermark only grows, and so does a follower's unless its end is taken away. Across leaders it may lie lower for a while, since a new one does not know how far it was; but
 * no leader has less than what an earlier one has shown, and none tells consumers a latest offset below what an earlier one has told (KIP-207).
 */
public final class HighWatermarkNeverGoesBack implements Invariant {
    private final Map<Sighting.Place, Epochs> partitions = new HashMap<>();
    private final Map<Replica, Known> followers = new HashMap<>();

    private record Replica(Sighting.Life life, Sighting.Place place) {}

    private record Known(long highWatermark, int truncations, BatchLog log) {}

    /** The highest that each leader epoch has shown, and has told consumers to be the latest. */
    private record Epochs(TreeMap<Integer, Long> shown, TreeMap<Integer, Long> told) {}

    @Override
    public void see(Sighting replica) {
        Replica key = new Replica(replica.life(), replica.place());
        if (replica.role() == Sighting.Role.NONE) {
            followers.remove(key);
        } else if (replica.isLeader()) {
            followers.remove(key);
            seeLeader(
                    replica,
                    partitions.computeIfAbsent(replica.place(), any -> new Epochs(new TreeMap<>(), new TreeMap<>())));
        } else {
            Known before = followers.put(
                    key, new Known(replica.highWatermark(), replica.log().truncations(), replica.log()));
            if (before != null
                    && before.log.equals(replica.log())
                    && before.truncations == replica.log().truncations()
                    && replica.highWatermark() < before.highWatermark) {
                throw new Violation(
                        this,
                        replica.life() + " follows " + replica.place() + " and goes back from " + before.highWatermark
                                + " to " + replica.highWatermark());
            }
        }
    }

    private void seeLeader(Sighting replica, Epochs epochs) {
        int epoch = replica.leaderEpoch();
        long highWatermark = replica.highWatermark();
        if (highWatermark < epochs.shown.getOrDefault(epoch, 0L)) {
            throw new Violation(
                    this,
                    replica.life() + " leads " + replica.place() + " in epoch " + epoch + " and goes back from "
                            + epochs.shown.get(epoch) + " to " + highWatermark);
        }
        long shownBefore = highest(epochs.shown.headMap(epoch));
        if (replica.log().endOffset() < shownBefore) {
            throw new Violation(
                    this,
                    replica.life() + " leads " + replica.place() + " in epoch " + epoch + " with "
                            + replica.log().endOffset() + " offsets, and earlier leaders have shown " + shownBefore);
        }
        epochs.shown.put(epoch, highWatermark);
        if (replica.tellsLatestOffset()) {
            long toldBefore = highest(epochs.told.headMap(epoch));
            if (highWatermark < toldBefore) {
                throw new Violation(
                        this,
                        replica.life() + " tells " + highWatermark + " of " + replica.place() + " after " + toldBefore);
            }
            epochs.told.put(epoch, highWatermark);
        }
    }

    private static long highest(Map<Integer, Long> offsets) {
        long highest = 0;
        for (long offset : offsets.values()) {
            highest = Math.max(highest, offset);
        }
        return highest;
    }

    @Override
    public void ended(Sighting.Life life) {
        followers.keySet().removeIf(replica -> replica.life.equals(life));
    }
}

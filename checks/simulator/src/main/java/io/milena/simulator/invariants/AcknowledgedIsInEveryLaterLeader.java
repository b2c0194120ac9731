package io.milena.simulator.invariants;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a producer was told to be safe was committed by a leader before, and is at its offset in the log of every leader of that epoch and later ones from then on, or was deleted on purpose.
 */
public final class AcknowledgedIsInEveryLaterLeader implements Invariant {
    private final Map<Sighting.Place, Promises> partitions = new HashMap<>();

    private record Acknowledged(long baseOffset, long crc, int committedIn) {}

    private record Leadership(Sighting.Life life, int epoch) {}

    private static final class Promises {
        final List<Acknowledged> acknowledged = new ArrayList<>();
        /** By the offset behind the last record that a leader has committed: its epoch. */
        final TreeMap<Long, Integer> committed = new TreeMap<>();
        /** How many of them a leader was asked for; its log only grows while it leads. */
        final Map<Leadership, Integer> checked = new HashMap<>();
        /** The leaders that are known, by their process. */
        final Map<Sighting.Life, Sighting> leaders = new HashMap<>();
    }

    private Promises promises(Sighting.Place place) {
        return partitions.computeIfAbsent(place, any -> new Promises());
    }

    @Override
    public void see(Sighting replica) {
        Promises promises = promises(replica.place());
        if (!replica.isLeader()) {
            promises.leaders.remove(replica.life());
            return;
        }
        promises.leaders.put(replica.life(), replica);
        committed(replica.place(), replica.leaderEpoch(), replica.highWatermark());
        check(replica, promises);
    }

    @Override
    public void committed(Sighting.Place place, int leaderEpoch, long highWatermark) {
        TreeMap<Long, Integer> committed = promises(place).committed;
        if (committed.isEmpty() || highWatermark > committed.lastKey()) {
            committed.put(highWatermark, leaderEpoch);
        }
    }

    @Override
    public void acknowledged(Sighting.Place place, long baseOffset, long crc) {
        Promises promises = promises(place);
        Map.Entry<Long, Integer> committed = promises.committed.higherEntry(baseOffset);
        if (committed == null) {
            throw new Violation(
                    this, "offset " + baseOffset + " of " + place + " was acknowledged before a leader committed it");
        }
        promises.acknowledged.add(new Acknowledged(baseOffset, crc, committed.getValue()));
        promises.leaders.values().forEach(leader -> check(leader, promises));
    }

    private void check(Sighting replica, Promises promises) {
        Leadership leadership = new Leadership(replica.life(), replica.leaderEpoch());
        int from = promises.checked.getOrDefault(leadership, 0);
        for (Acknowledged each : promises.acknowledged.subList(from, promises.acknowledged.size())) {
            boolean isLater = replica.leaderEpoch() >= each.committedIn;
            boolean isDeleted = each.baseOffset < replica.log().startOffset();
            if (isLater && !isDeleted && !holds(replica.log(), each)) {
                throw new Violation(
                        this,
                        replica.life() + " leads " + replica.place() + " in epoch " + replica.leaderEpoch()
                                + " without "
                                + each + "; its log is " + replica.log().startOffset() + ".."
                                + replica.log().endOffset());
            }
        }
        promises.checked.put(leadership, promises.acknowledged.size());
    }

    private static boolean holds(BatchLog log, Acknowledged each) {
        Batch batch = log.at(each.baseOffset);
        return batch != null && batch.baseOffset() == each.baseOffset && batch.crc() == each.crc;
    }

    @Override
    public void ended(Sighting.Life life) {
        partitions.values().forEach(promises -> promises.leaders.remove(life));
    }
}

package io.milena.simulator.invariants;

import java.util.HashMap;
import java.util.Map;

/**
 * No consumer is told that a partition is stable beyond the first record of a transaction that has not ended in the committed part of its log, nor beyond that part. What has ended there stays ended; so what a consumer hears late is
 * held against all that leaders have shown up to now.
 */
public final class LastStableOffsetWaitsForOpenTransactions implements Invariant {
    private final Map<Sighting.Place, Long> stable = new HashMap<>();
    private final Map<Replica, OpenTransactions> leaders = new HashMap<>();

    private record Replica(Sighting.Life life, Sighting.Place place) {}

    @Override
    public void see(Sighting replica) {
        Replica key = new Replica(replica.life(), replica.place());
        if (replica.isLeader()) {
            long now = leaders.computeIfAbsent(key, any -> new OpenTransactions())
                    .stableOffset(replica.log(), replica.highWatermark());
            stable.merge(replica.place(), now, Math::max);
        } else {
            leaders.remove(key);
        }
    }

    @Override
    public void toldStable(Sighting.Place place, long lastStableOffset) {
        long known = stable.getOrDefault(place, 0L);
        if (lastStableOffset > known) {
            throw new Violation(
                    this,
                    "a consumer of " + place + " was told that it is stable up to " + lastStableOffset
                            + ", and transactions are open from " + known + " on");
        }
    }

    @Override
    public void ended(Sighting.Life life) {
        leaders.keySet().removeIf(replica -> replica.life.equals(life));
    }
}

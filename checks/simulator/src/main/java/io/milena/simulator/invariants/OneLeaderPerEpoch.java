package io.milena.simulator.invariants;

import java.util.HashMap;
import java.util.Map;

/** In a leader epoch only one process ever leads a partition. */
public final class OneLeaderPerEpoch implements Invariant {
    private record Epoch(Sighting.Place place, int number) {}

    private final Map<Epoch, Sighting.Life> leaders = new HashMap<>();

    @Override
    public void see(Sighting replica) {
        if (!replica.isLeader()) {
            return;
        }
        Sighting.Life known = leaders.putIfAbsent(new Epoch(replica.place(), replica.leaderEpoch()), replica.life());
        if (known != null && !known.equals(replica.life())) {
            throw new Violation(
                    this,
                    "epoch " + replica.leaderEpoch() + " of " + replica.place() + " is led by " + known + " and by "
                            + replica.life());
        }
    }
}

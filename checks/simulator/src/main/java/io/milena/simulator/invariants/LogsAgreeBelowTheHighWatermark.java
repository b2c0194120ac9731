package io.milena.simulator.invariants;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two replicas have the same batches below both their high watermarks. */
public final class LogsAgreeBelowTheHighWatermark implements Invariant {
    private final Map<Sighting.Place, Map<Sighting.Life, Sighting>> replicas = new HashMap<>();
    private final Map<Pair, Compared> compared = new HashMap<>();

    private record Pair(Sighting.Place place, Sighting.Life one, Sighting.Life other) {}

    private record Compared(long until, int truncations) {}

    @Override
    public void see(Sighting replica) {
        Map<Sighting.Life, Sighting> known = replicas.computeIfAbsent(replica.place(), any -> new HashMap<>());
        known.put(replica.life(), replica);
        for (Sighting other : known.values()) {
            if (other.life().broker() < replica.life().broker()) {
                compare(other, replica);
            } else if (other.life().broker() > replica.life().broker()) {
                compare(replica, other);
            }
        }
    }

    private void compare(Sighting one, Sighting other) {
        Pair pair = new Pair(one.place(), one.life(), other.life());
        int truncations = one.log().truncations() + other.log().truncations();
        Compared before = compared.get(pair);
        long from = before != null && before.truncations == truncations ? before.until : 0;
        long start =
                Math.max(from, Math.max(one.log().startOffset(), other.log().startOffset()));
        long until = Math.min(one.visibleEnd(), other.visibleEnd());
        long offset = start;
        while (offset < until) {
            Batch here = one.log().at(offset);
            Batch there = other.log().at(offset);
            if (here == null || !here.equals(there)) {
                throw new Violation(
                        this,
                        "at " + offset + " of " + one.place() + " " + one.life() + " has " + here + " and "
                                + other.life() + " has " + there);
            }
            offset = here.lastOffset() + 1;
        }
        compared.put(pair, new Compared(Math.max(start, offset), truncations));
    }

    @Override
    public void ended(Sighting.Life life) {
        replicas.values().forEach(known -> known.remove(life));
        compared.keySet().removeIf(pair -> isOf(pair, life));
    }

    private static boolean isOf(@Nullable Pair pair, Sighting.Life life) {
        return pair != null && (pair.one.equals(life) || pair.other.equals(life));
    }
}

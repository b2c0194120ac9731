package io.milena.simulator.invariants;

import java.util.HashMap;
import java.util.Map;

/** What a consumer can see at an offset, from any replica at any time, or a producer was told to be there, is the same for ever. */
public final class AnOffsetIsGivenOnce implements Invariant {
    private final Map<Offset, Batch> committed = new HashMap<>();
    private final Map<Replica, Seen> seen = new HashMap<>();

    private record Offset(Sighting.Place place, long number) {}

    private record Replica(Sighting.Life life, Sighting.Place place) {}

    private record Seen(long until, int truncations) {}

    @Override
    public void see(Sighting replica) {
        if (replica.role() == Sighting.Role.NONE) {
            return;
        }
        Replica key = new Replica(replica.life(), replica.place());
        Seen before = seen.get(key);
        int truncations = replica.log().truncations();
        long from = before != null && before.truncations == truncations ? before.until : 0;
        long offset = Math.max(from, replica.log().startOffset());
        while (offset < replica.visibleEnd()) {
            Batch batch = replica.log().at(offset);
            if (batch == null) {
                throw new Violation(
                        this,
                        replica.life() + " shows offset " + offset + " of " + replica.place()
                                + " and has nothing there");
            }
            commit(replica.place(), batch);
            offset = batch.lastOffset() + 1;
        }
        seen.put(key, new Seen(offset, truncations));
    }

    private void commit(Sighting.Place place, Batch batch) {
        Batch known = committed.putIfAbsent(new Offset(place, batch.baseOffset()), batch);
        if (known != null && !known.equals(batch)) {
            throw new Violation(this, "an offset of " + place + " was given to " + known + " and to " + batch);
        }
    }

    @Override
    public void acknowledged(Sighting.Place place, long baseOffset, long crc) {
        Batch known = committed.get(new Offset(place, baseOffset));
        if (known == null || known.crc() != crc) {
            throw new Violation(
                    this,
                    "offset " + baseOffset + " of " + place + " was acknowledged for a batch of checksum " + crc
                            + ", and consumers see " + known);
        }
    }

    @Override
    public void ended(Sighting.Life life) {
        seen.keySet().removeIf(replica -> replica.life.equals(life));
    }
}

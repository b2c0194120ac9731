package io.milena.simulator.invariants;

import java.util.HashMap;
import java.util.Map;

/** What a consumer can see at an offset, from any replica at any time, or a producer was told to be there, is the same for ever. */
public final class AnOffsetIsGivenOnce implements Invariant {
    private final Map<Offset, Batch> committed = new HashMap<>();
    /** Checksums of what a producer was told, and no replica has shown yet: the disk of its leader may have failed in the step in which it was committed. */
    private final Map<Offset, Long> told = new HashMap<>();

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
        Offset offset = new Offset(place, batch.baseOffset());
        Batch known = committed.putIfAbsent(offset, batch);
        Long crc = known == null ? told.remove(offset) : null;
        if (crc != null) {
            acknowledged(place, batch.baseOffset(), crc);
        }
        if (known != null && !known.equals(batch)) {
            throw new Violation(this, "an offset of " + place + " was given to " + known + " and to " + batch);
        }
    }

    @Override
    public void acknowledged(Sighting.Place place, long baseOffset, long crc) {
        Offset offset = new Offset(place, baseOffset);
        Batch known = committed.get(offset);
        if (known == null) {
            told.put(offset, crc);
        } else if (known.crc() != crc) {
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

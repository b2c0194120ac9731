package io.milena.simulator.invariants;

import java.util.HashMap;
import java.util.Map;

/** Of groups whose members commit growing offsets: what was confirmed, or once seen, is not followed by anything smaller, and what nobody has committed is not there. */
public final class CommittedOffsetsNeverGoBack {
    private static final long NOTHING = -1;

    private final Map<Key, Long> atLeast = new HashMap<>();
    private final Map<Key, Long> asked = new HashMap<>();

    private record Key(String group, String partition) {}

    /** A commit is on its way; whether it is carried out is not known. */
    public void asked(String group, String partition, long offset) {
        asked.merge(new Key(group, partition), offset, Math::max);
    }

    public void confirmed(String group, String partition, long offset) {
        atLeast.merge(new Key(group, partition), offset, Math::max);
    }

    /** The coordinator says that this is committed; -1 for nothing. */
    public void found(String group, String partition, long offset) {
        Key key = new Key(group, partition);
        long lowest = atLeast.getOrDefault(key, NOTHING);
        long highest = asked.getOrDefault(key, NOTHING);
        if (offset < lowest || offset > highest) {
            throw new Violation(
                    getClass(),
                    "group " + group + " has committed " + lowest + " to " + highest + " of " + partition + ", and "
                            + offset + " is found");
        }
        confirmed(group, partition, offset);
    }
}

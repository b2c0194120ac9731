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

    /** The least that may be answered to somebody who asks now. */
    public long least(String group, String partition) {
        return atLeast.getOrDefault(new Key(group, partition), NOTHING);
    }

    /**
     * The coordinator says that this is committed; -1 for nothing.
     *
     * @param lowest {@link #least} when it was asked: what is committed while the answer is on its way is not in it
     */
    public void found(String group, String partition, long offset, long lowest) {
        Key key = new Key(group, partition);
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

package io.milena.simulator.invariants;

import java.util.HashMap;
import java.util.Map;

/** In one generation of a group, or one epoch, a partition is given to one member only, whoever coordinates. */
public final class OneOwnerPerGeneration {
    private final Map<Key, String> owners = new HashMap<>();

    private record Key(String group, int generation, int partition) {}

    public void given(String group, int generation, int partition, String member) {
        String known = owners.putIfAbsent(new Key(group, generation, partition), member);
        if (known != null && !known.equals(member)) {
            throw new Violation(
                    getClass(),
                    "partition " + partition + " was given to " + known + " and to " + member + " in generation "
                            + generation + " of " + group);
        }
    }
}

package io.milena.replication;

import java.util.List;

/** What {@link Replication#handle} answers: the replica from now on, what to do, and what to tell the asker. */
public record Step(ReplicaState state, List<Effect> effects, Answer answer) {
    public Step {
        effects = List.copyOf(effects);
    }
}

package io.milena.replication.model;

import io.milena.protocol.ErrorCode;
import io.milena.replication.Appended;
import io.milena.replication.ReplicaState;
import io.milena.replication.Replicated;
import io.milena.replication.ReplicationSettings;
import java.util.ArrayList;
import java.util.List;

/** Those who wait at one broker for {@code acks=all}, until it dies. */
final class Producers {
    private final List<Wait> waits = new ArrayList<>();

    private record Wait(Appended appended, List<Entry> entries) {}

    void await(Appended appended, List<Entry> entries) {
        waits.add(new Wait(appended, entries));
    }

    /** Answers those whose wait is over. */
    void look(ReplicaState state, ReplicationSettings settings, History history) {
        for (Wait wait : List.copyOf(waits)) {
            if (state.replicated(wait.appended(), settings) instanceof Replicated.Over(ErrorCode error)) {
                waits.remove(wait);
                if (error == ErrorCode.NONE) {
                    long first = wait.appended().endOffset() - wait.entries().size();
                    history.acknowledged(first, wait.entries(), state.leaderEpoch());
                }
            }
        }
    }

    void hangUp() {
        waits.clear();
    }
}

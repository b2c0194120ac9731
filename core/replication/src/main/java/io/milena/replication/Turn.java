package io.milena.replication;

import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** One command being decided: its circumstances, and what is to be done so far. */
final class Turn {
    private final Circumstances now;
    private final List<Effect> effects = new ArrayList<>(2);

    Turn(Circumstances now) {
        this.now = now;
    }

    long nowMs() {
        return now.nowMs();
    }

    ReplicationSettings settings() {
        return now.settings();
    }

    LogView log() {
        return now.log();
    }

    Brokers brokers() {
        return now.brokers();
    }

    void carryOut(Effect effect) {
        effects.add(effect);
    }

    /** All that wait look again. */
    void wake() {
        wake(Effect.Wake.ALL);
    }

    /** Those that wait for an offset up to this one look again. */
    void wake(long offset) {
        boolean isWaking =
                effects.stream().anyMatch(effect -> effect instanceof Effect.Wake(long reached) && reached >= offset);
        if (!isWaking) {
            effects.add(new Effect.Wake(offset));
        }
    }

    /** What is appended and not forced holds the high watermark, or the next fetch, back. */
    void forceIfNeeded() {
        if (log().forcedEndOffset() < log().endOffset()) {
            effects.add(new Effect.Force());
        }
    }

    Step to(ReplicaState state) {
        return new Step(state, effects, new Answer.None());
    }

    Step answering(ReplicaState state, Answer answer) {
        return new Step(state, effects, answer);
    }

    Step refusing(ReplicaState state, ErrorCode error) {
        return answering(state, new Answer.Refused(error));
    }
}

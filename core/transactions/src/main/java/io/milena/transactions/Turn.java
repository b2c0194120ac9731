package io.milena.transactions;

import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** One command being decided: what time it is, what the rules are, and what has been decided so far. */
final class Turn {
    private static final int NOTE_LENGTH_MAX = 500;

    private final TransactionSettings settings;
    private final long nowMs;
    private final List<CoordinatorRecord> records = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();

    Turn(TransactionSettings settings, long nowMs) {
        this.settings = settings;
        this.nowMs = nowMs;
    }

    TransactionSettings settings() {
        return settings;
    }

    long nowMs() {
        return nowMs;
    }

    /** The transaction as it is from now on, with what follows from it: markers, or a limit of its time. */
    void change(Transaction before, Transaction after) {
        append(CoordinatorRecord.of(after));
        Effect.WriteMarkers markers = after.markers();
        if (markers != null) {
            carryOut(markers);
        }
        if (after.state() instanceof TransactionState.Ongoing ongoing
                && !(before.state() instanceof TransactionState.Ongoing)) {
            setTimeout(after, ongoing);
        }
    }

    void setTimeout(Transaction transaction, TransactionState.Ongoing ongoing) {
        setTimer(new TimerKey.Timeout(transaction.id()), ongoing.startMs() + transaction.timeoutMs());
    }

    void append(CoordinatorRecord record) {
        records.add(record);
    }

    int recordCount() {
        return records.size();
    }

    void setTimer(TimerKey key, long atMs) {
        carryOut(new Effect.SetTimer(key, atMs));
    }

    /** For people. The id is a client's word: the line is cut, and made one. */
    void note(Transaction transaction, String text) {
        carryOut(new Effect.Note(oneLine(transaction.id()), oneLine(text)));
    }

    private static String oneLine(String text) {
        return text.substring(0, Math.min(text.length(), NOTE_LENGTH_MAX)).replaceAll("\\p{Cntrl}", " ");
    }

    void carryOut(Effect effect) {
        effects.add(effect);
    }

    Decision decision(Result result) {
        return new Decision(result, records, effects);
    }

    Decision refused(ErrorCode error) {
        return decision(Result.refused(error));
    }
}

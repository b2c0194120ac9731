package io.milena.log;

import io.milena.log.journal.Journal;
import io.milena.log.journal.Round;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what logs have won to the journal of their directory. Confined to the one thread of the {@link Flusher} that journals. */
final class JournalRounds {
    /** More is not worth being written twice. */
    private static final int BYTES_MAX = 4 << 20;

    private final Journal journal;
    private final Flusher flusher;
    private final List<LogTail> tails = new ArrayList<>();
    private final List<Log> left = new ArrayList<>();
    private boolean isFull;
    private @Nullable Round round;

    JournalRounds(Journal journal, Flusher flusher) {
        this.journal = journal;
        this.flusher = flusher;
    }

    /**
     * How it went.
     *
     * @param left those whose own files must be forced
     * @param isFull whether there was no room in the journal
     */
    record Outcome(List<Log> left, boolean isFull) {}

    Outcome write(List<Log> logs) {
        left.clear();
        isFull = false;
        Round open = round == null ? new Round(BYTES_MAX) : round;
        round = open;
        open.clear();
        for (Log log : logs) {
            Optional<LogTail> tail = log.durability().beginJournaling(flusher);
            if (tail.isEmpty() || tail.get().sizeInRound() > BYTES_MAX / 2) {
                left.add(log);
            } else {
                add(tail.get(), open);
            }
        }
        write(open);
        return new Outcome(List.copyOf(left), isFull);
    }

    private void add(LogTail tail, Round open) {
        if (!open.hasRoomFor(tail.sizeInRound())) {
            write(open);
        }
        int before = open.end();
        try {
            tail.addTo(open);
            tails.add(tail);
        } catch (IOException e) {
            open.cutTo(before);
            tail.log().durability().isNotVoid();
            left.add(tail.log()); // who forces its files meets the same, and knows what it means
        }
    }

    private void write(Round open) {
        try {
            if (open.isEmpty()
                    || journal.write(open, tails.stream().map(LogTail::end).toList())) {
                tails.forEach(LogTail::succeeded);
            } else {
                isFull = true;
                tails.forEach(tail -> left.add(tail.log()));
            }
        } catch (IOException e) {
            journal.close();
            tails.forEach(tail -> tail.failed(e));
            tails.forEach(tail -> left.add(tail.log()));
        }
        tails.clear();
        open.clear();
    }
}

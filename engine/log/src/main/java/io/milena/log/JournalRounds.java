package io.milena.log;

import io.milena.log.journal.Journal;
import io.milena.log.journal.Round;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what logs have won to the journal of their directory. Confined to the one thread of the {@link Flusher} that journals. */
final class JournalRounds {
    /** More is not worth being written twice. */
    private static final int BYTES_MAX = 4 << 20;

    private final Journal journal;
    private final WriteBehind writeBehind;
    private final Flusher flusher;
    /** What is to be written. */
    private final List<LogTail> taken = new ArrayList<>();
    /** What is in the round that is open. */
    private final List<LogTail> tails = new ArrayList<>();

    private final List<Log> left = new ArrayList<>();
    private final List<Log> postponed = new ArrayList<>();
    private boolean isFull;
    private @Nullable Round round;

    JournalRounds(Journal journal, WriteBehind writeBehind, Flusher flusher) {
        this.journal = journal;
        this.writeBehind = writeBehind;
        this.flusher = flusher;
    }

    /**
     * How it went.
     *
     * @param left those whose own files must be forced
     * @param postponed those that have nothing to be forced, and for which there was no room
     * @param isFull whether there was no room in the journal
     */
    record Outcome(List<Log> left, List<Log> postponed, boolean isFull) {}

    /** Takes what logs have won by now, to {@link #write} or to {@link #drop} it. */
    void take(List<Log> logs) {
        for (Log log : logs) {
            log.durability().beginJournaling(flusher).ifPresentOrElse(taken::add, () -> left.add(log));
        }
    }

    /** Of what was taken. */
    long sizeInBytes() {
        return taken.stream().mapToLong(LogTail::sizeInRound).sum();
    }

    /** Whether what was taken is so much that it is better not written twice. */
    boolean isLarge() {
        return journal.isLarge(sizeInBytes(), taken.size() + left.size())
                && taken.stream().noneMatch(LogTail::isVoiding);
    }

    /** What was taken, and what was left, is on disk in the logs' own files. */
    Outcome drop() {
        taken.clear();
        left.clear();
        journal.noteForced();
        return new Outcome(List.of(), List.of(), false);
    }

    /** Writes what was taken. */
    Outcome write() {
        isFull = false;
        Round open = round == null ? new Round(BYTES_MAX) : round;
        round = open;
        open.clear();
        for (LogTail tail : taken) {
            if (tail.sizeInRound() > BYTES_MAX / 2) {
                left.add(tail.log());
            } else {
                add(tail, open);
            }
        }
        write(open);
        Outcome outcome = new Outcome(List.copyOf(left), List.copyOf(postponed), isFull);
        taken.clear();
        left.clear();
        postponed.clear();
        return outcome;
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
            if (tail.isVoiding()) { // else it may be gone because its end was taken away, and the next round says so
                tail.isNotVoid();
            }
            left.add(tail.log()); // who forces its files meets the same, and knows what it means
        }
    }

    private void write(Round open) {
        try {
            if (open.isEmpty()
                    || journal.write(open, tails.stream().map(LogTail::end).toList())) {
                tails.forEach(LogTail::succeeded);
                tails.forEach(tail -> tail.writeBehind(writeBehind));
            } else {
                isFull = true;
                tails.forEach(tail -> (tail.isVoid() ? postponed : left).add(tail.log()));
            }
        } catch (IOException e) {
            tails.forEach(tail -> tail.failed(e));
            journal.close(); // not before: whoever finds it closed takes the directory for offline
            tails.forEach(tail -> left.add(tail.log()));
        }
        tails.clear();
        open.clear();
    }
}

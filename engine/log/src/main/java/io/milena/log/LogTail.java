package io.milena.log;

import io.milena.log.disk.OpenFiles;
import io.milena.log.journal.Journal;
import io.milena.log.journal.JournalEntry;
import io.milena.log.journal.Round;
import java.io.IOException;
import java.util.List;

/** What was appended to a log and is not on disk, on its way to the journal of its directory. Confined to one thread of the {@link Flusher}, which tells how it went. */
final class LogTail {
    private final Log log;
    private final LogIdentity identity;
    private final LogHealth health;
    private final List<Part> parts;
    private final LogEnd end;
    private final boolean isVoiding;

    /** Bytes of a segment. */
    record Part(Segment segment, int from, int to) {}

    /** @param isVoiding whether all that the journal had of the log before is void */
    LogTail(Log log, List<Part> parts, LogEnd end, boolean isVoiding) {
        this.log = log;
        this.identity = log.identity();
        this.health = log.health();
        this.parts = parts;
        this.end = end;
        this.isVoiding = isVoiding;
    }

    /** How much of a round it takes. */
    long sizeInRound() {
        return parts.stream()
                        .mapToLong(part -> Round.sizeOf(part.to - part.from))
                        .sum()
                + (isVoiding ? Round.sizeOf(0) : 0);
    }

    /** Whether only the journal can say what is to be said. */
    boolean isVoiding() {
        return isVoiding;
    }

    /** Whether it says no more than that, and no files can say it instead. */
    boolean isVoid() {
        return isVoiding && parts.isEmpty();
    }

    Log log() {
        return log;
    }

    Journal.End end() {
        return new Journal.End(log.durability(), end.offset());
    }

    /** Copies it from the page cache, or nothing of it. */
    void addTo(Round round) throws IOException {
        int before = round.end();
        health.withRoom(() -> {
            round.cutTo(before);
            copyTo(round);
            return round;
        });
    }

    private void copyTo(Round round) throws IOException {
        if (isVoiding) {
            round.add(identity.topicId(), identity.partition(), JournalEntry.Kind.VOID, 0, into -> {});
        }
        for (Part part : parts) {
            try (OpenFiles.Lease lease = part.segment.lease()) {
                round.add(
                        identity.topicId(),
                        identity.partition(),
                        JournalEntry.Kind.BATCHES,
                        part.to - part.from,
                        into -> part.segment.batches().readFully(lease.channel(), part.from, into));
            }
        }
    }

    /** Nobody knows what the journal has by now, and nobody can make it void. */
    void failed(IOException e) {
        health.failShared("journaling", e);
        isNotVoid();
    }

    /** The journal does not say what it was to say; of a log that has moved, another journal was asked since. */
    void isNotVoid() {
        if (!health.isEnded()) {
            log.durability().isNotVoid();
        }
    }

    void succeeded() {
        if (!health.isOffline()) {
            log.durability().reached(end);
        }
        if (isVoiding) {
            log.durability().isVoid();
        }
    }

    /** Has what is in the journal by now written to the log's own files as well. */
    void writeBehind(WriteBehind behind) {
        parts.forEach(part -> behind.journaled(part.segment, health, part.to));
    }
}

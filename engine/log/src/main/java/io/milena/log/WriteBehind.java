package io.milena.log;

import io.milena.log.disk.PageCache;
import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has what is in the journal written to the logs' own files too, piece by piece, long before these are forced: a force of much at once holds up the rounds of the journal until all of it is on the disk.
 * Nothing is promised by it, and where the system cannot (anywhere but on Linux), the force does it all. Safe for use by many threads.
 */
final class WriteBehind {
    /** What is smaller costs more calls than it is worth; docs/decisions/0008 has the measurements. */
    static final int PIECE_BYTES = 256 << 10;
    /** What follows may share its last pages with a piece, which would be written twice. */
    private static final int BORDER_BYTES = 64 << 10;

    private final Optional<PageCache> pages;
    private final Queue<Piece> pieces = new ConcurrentLinkedQueue<>();
    /** One piece at a time is on its way, so that rounds come between. */
    private final AtomicBoolean isTaken = new AtomicBoolean();

    private record Piece(Segment segment, LogHealth health, int from, int to) {}

    /** @param pages nothing where files can only be forced */
    WriteBehind(Optional<PageCache> pages) {
        this.pages = pages;
    }

    /** All of a segment up to a position is in the journal. Called by the thread that writes rounds. */
    void journaled(Segment segment, LogHealth health, int position) {
        SegmentFile file = segment.batches();
        int to = position & -BORDER_BYTES;
        int from = Math.min(file.writtenOut(), to); // less where its end was taken away
        file.writtenOut(from);
        if (pages.isPresent() && to - from >= PIECE_BYTES) {
            pieces.add(new Piece(segment, health, from, to));
            file.writtenOut(to);
        }
    }

    /** Whether there is a piece that nobody is at. */
    boolean hasWork() {
        return !pieces.isEmpty() && !isTaken.get();
    }

    /** Answers whether the caller is the one to {@link #writePiece}. */
    boolean take() {
        return !pieces.isEmpty() && isTaken.compareAndSet(false, true);
    }

    /** Writes one piece. A failure is that of a force: whoever opens the file to force it later is not told of it any more. */
    void writePiece() {
        Piece piece = pieces.poll();
        try {
            if (piece != null && !piece.health.isOffline()) {
                write(piece);
            }
        } finally {
            isTaken.set(false);
        }
    }

    private void write(Piece piece) {
        try (PageCache.View view =
                pages.orElseThrow().open(piece.segment.batches().path())) {
            view.writeOut(piece.from, piece.to);
        } catch (IOException e) {
            piece.health.failShared("writing out", e);
        }
    }
}

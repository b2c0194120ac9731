package io.milena.simulator.cluster;

import io.milena.records.BatchHeader;
import io.milena.simulator.invariants.Batch;
import io.milena.simulator.invariants.BatchLog;
import io.milena.testkit.DiskView;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The batches of a replica, as its segment files hold them between two steps; read on from where it was read before. */
final class LogFiles {
    private static final String SUFFIX = ".log";

    private final Path directory;
    private final BatchLog log = new BatchLog();
    private boolean isKnown;
    /** Where the next batch begins, if that is known. */
    private @Nullable String file;

    private int position;

    LogFiles(Path directory) {
        this.directory = directory;
    }

    BatchLog log() {
        return log;
    }

    /** Brings the batches in line with where the log starts and ends; false where the files are not so far yet. */
    boolean follow(long startOffset, long endOffset) {
        if (!isKnown) {
            begin(startOffset);
        }
        if (startOffset == endOffset && log.endOffset() != endOffset) {
            log.startAnewAt(endOffset);
            file = null;
        } else if (endOffset < log.endOffset()) {
            log.truncateTo(endOffset);
            file = null;
        }
        log.startAt(startOffset);
        while (log.endOffset() < endOffset) {
            if (!readOn(endOffset)) {
                file = null;
                return false;
            }
        }
        return true;
    }

    private void begin(long startOffset) {
        isKnown = true;
        log.startAnewAt(DiskView.names(directory).stream()
                .filter(name -> name.endsWith(SUFFIX))
                .mapToLong(LogFiles::base)
                .min()
                .orElse(startOffset));
    }

    private static long base(String name) {
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    /** The last segment that starts at an offset or below it. */
    private @Nullable String segmentOf(long offset) {
        String found = null;
        for (String name : DiskView.names(directory)) {
            found = name.endsWith(SUFFIX) && base(name) <= offset ? name : found;
        }
        return found;
    }

    /** Reads a segment to its end, or as far as wanted; false where nothing came of it. */
    private boolean readOn(long endOffset) {
        if (file == null) {
            file = segmentOf(log.endOffset());
            position = 0;
        }
        if (file == null) {
            return false;
        }
        long before = log.endOffset();
        ByteBuffer bytes = DiskView.bytes(directory.resolve(file), position);
        while (log.endOffset() < endOffset && bytes.remaining() >= BatchHeader.SIZE_IN_BYTES) {
            BatchHeader header = BatchHeader.at(bytes);
            if (header == null || header.sizeInBytes() > bytes.remaining()) {
                break;
            }
            if (header.nextOffset() > log.endOffset()) {
                if (header.baseOffset() != log.endOffset()) {
                    return false;
                }
                log.append(new Batch(
                        header.baseOffset(),
                        header.lastOffset(),
                        header.partitionLeaderEpoch(),
                        header.crc(),
                        header.isTransactional() ? new Batch.Part(header.producerId(), header.isControl()) : null));
            }
            bytes.position(bytes.position() + header.sizeInBytes());
            position += header.sizeInBytes();
        }
        if (log.endOffset() < endOffset) {
            String next = segmentOf(log.endOffset());
            boolean isOver = next != null && !next.equals(file);
            file = next;
            position = isOver ? 0 : position;
            return isOver || log.endOffset() > before;
        }
        return true;
    }
}

package io.milena.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files of a data directory by which the next start knows what it need not read: the offset of each log below which everything is forced, its log start offset, and the mark of a
 * clean stop. Safe for use by many threads.
 */
final class DirectoryCheckpoints {
    private static final String CLEAN_MARKER = ".kafka_cleanshutdown";
    private static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";
    private static final String START_OFFSETS = "log-start-offset-checkpoint";

    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<String, Long> lastRecoveryPoints = Map.of();
    private Map<String, Long> lastStartOffsets = Map.of();

    DirectoryCheckpoints(Path directory) {
        this.directory = directory;
    }

    /** What an earlier process has left. */
    record Found(boolean wasClean, Map<String, Long> recoveryPoints, Map<String, Long> startOffsets) {
        Trust trust(LogIdentity identity) {
            return new Trust(wasClean, recoveryPoints.getOrDefault(identity.key(), 0L));
        }

        long startOffset(LogIdentity identity) {
            return startOffsets.getOrDefault(identity.key(), 0L);
        }
    }

    /**
     * How much of a log is known to be on disk.
     *
     * @param isComplete all that is there
     * @param recoveryPoint the offset below which it is in any case
     */
    record Trust(boolean isComplete, long recoveryPoint) {
        boolean isForced(long offset) {
            return isComplete || offset < recoveryPoint;
        }

        boolean isForcedBelow(long endOffset) {
            return isComplete || endOffset <= recoveryPoint;
        }
    }

    /** Reads them, and takes the mark of the clean stop away: from now on the directory is in use. */
    Found take() throws IOException {
        boolean wasClean = Files.deleteIfExists(directory.resolve(CLEAN_MARKER));
        if (wasClean) {
            Checkpoint.forceDirectory(
                    directory); // or the marker comes back with a power cut, and vouches for torn files
        }
        lastRecoveryPoints = Checkpoint.readOffsets(directory.resolve(RECOVERY_POINTS));
        lastStartOffsets = Checkpoint.readOffsets(directory.resolve(START_OFFSETS));
        return new Found(wasClean, lastRecoveryPoints, lastStartOffsets);
    }

    /** Whether they speak of a log; what they say must not be taken for another log of that name. */
    boolean know(LogIdentity identity) {
        lock.lock();
        try {
            return lastRecoveryPoints.containsKey(identity.key()) || lastStartOffsets.containsKey(identity.key());
        } finally {
            lock.unlock();
        }
    }

    /** Writes them durably, unless they are as they were. */
    void write(Collection<Log> logs) throws IOException {
        lock.lock(); // housekeeping and DeleteRecords write the same files
        try {
            Map<String, Long> recoveryPoints = new TreeMap<>();
            Map<String, Long> startOffsets = new TreeMap<>();
            for (Log log : logs) {
                if (log.forcedOffset() > 0) {
                    recoveryPoints.put(log.identity().key(), log.forcedOffset());
                }
                if (log.logStartOffset() > 0) {
                    startOffsets.put(log.identity().key(), log.logStartOffset());
                }
            }
            if (!recoveryPoints.equals(lastRecoveryPoints) || !startOffsets.equals(lastStartOffsets)) {
                Checkpoint.writeOffsets(directory.resolve(RECOVERY_POINTS), recoveryPoints);
                Checkpoint.writeOffsets(directory.resolve(START_OFFSETS), startOffsets);
                Checkpoint.forceDirectory(directory);
                lastRecoveryPoints = recoveryPoints;
                lastStartOffsets = startOffsets;
            }
        } finally {
            lock.unlock();
        }
    }

    void markClean() throws IOException {
        Files.writeString(directory.resolve(CLEAN_MARKER), "{\"version\":0}");
        Checkpoint.forceDirectory(directory);
    }
}

package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files of a data directory by which the next start knows what it need not read: the offset of each log below which everything is forced, its log start offset, the offset below which it is
 * compacted, its high watermark, and the mark of a clean stop. Safe for use by many threads.
 */
final class DirectoryCheckpoints {
    private static final String CLEAN_MARKER = ".kafka_cleanshutdown";
    private static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";
    private static final String START_OFFSETS = "log-start-offset-checkpoint";
    private static final String CLEANED_OFFSETS = "cleaner-offset-checkpoint";
    private static final String COMMITTED_OFFSETS = "replication-offset-checkpoint";

    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    /** Whether the disk has what is said to be last: after a crash the page cache may show what never came there. */
    private boolean isSure;

    private volatile boolean wereClean;

    private Map<String, Long> lastRecoveryPoints = Map.of();
    private Map<String, Long> lastStartOffsets = Map.of();
    private Map<String, Long> lastCleanedOffsets = Map.of();
    private Map<String, Long> lastCommittedOffsets = Map.of();

    DirectoryCheckpoints(Path directory) {
        this.directory = directory;
    }

    /** What an earlier process has left. */
    record Found(
            boolean wasClean,
            Map<String, Long> recoveryPoints,
            Map<String, Long> startOffsets,
            Map<String, Long> cleanedOffsets,
            Map<String, Long> committedOffsets) {
        /**
         * What is compacted was forced before.
         *
         * @param key {@link LogIdentity#key()} of the log, here and below
         */
        Trust trust(String key) {
            return new Trust(wasClean, Math.max(recoveryPoints.getOrDefault(key, 0L), cleanedOffset(key)));
        }

        long cleanedOffset(String key) {
            return cleanedOffsets.getOrDefault(key, 0L);
        }

        long committedOffset(String key) {
            return committedOffsets.getOrDefault(key, 0L);
        }

        long startOffset(String key) {
            return startOffsets.getOrDefault(key, 0L);
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
        isSure = wasClean;
        wereClean = wasClean;
        lastRecoveryPoints = Checkpoint.readOffsets(directory.resolve(RECOVERY_POINTS));
        lastStartOffsets = Checkpoint.readOffsets(directory.resolve(START_OFFSETS));
        lastCleanedOffsets = Checkpoint.readOffsets(directory.resolve(CLEANED_OFFSETS));
        lastCommittedOffsets = Checkpoint.readOffsets(directory.resolve(COMMITTED_OFFSETS));
        return new Found(wasClean, lastRecoveryPoints, lastStartOffsets, lastCleanedOffsets, lastCommittedOffsets);
    }

    /** Whether the process before has stopped cleanly. */
    boolean wereClean() {
        return wereClean;
    }

    /** Whether they speak of a log; what they say must not be taken for another log of that name. */
    boolean know(LogIdentity identity) {
        lock.lock();
        try {
            return lastRecoveryPoints.containsKey(identity.key())
                    || lastStartOffsets.containsKey(identity.key())
                    || lastCleanedOffsets.containsKey(identity.key())
                    || lastCommittedOffsets.containsKey(identity.key());
        } finally {
            lock.unlock();
        }
    }

    /** The offset below which, as these files say, all of a log is forced. */
    long recoveryPoint(LogIdentity identity) {
        lock.lock();
        try {
            return lastRecoveryPoints.getOrDefault(identity.key(), 0L);
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
            Map<String, Long> cleanedOffsets = new TreeMap<>();
            Map<String, Long> committedOffsets = new TreeMap<>();
            for (Log log : logs) {
                if (log.forcedOffset() > 0) {
                    recoveryPoints.put(log.identity().key(), log.forcedOffset());
                }
                long startOffset = log.durability().durableStartOffset();
                if (startOffset > 0) {
                    startOffsets.put(log.identity().key(), startOffset);
                }
                if (log.compactable().cleanedOffset() > 0) {
                    cleanedOffsets.put(log.identity().key(), log.compactable().cleanedOffset());
                }
                if (log.committed().value() > 0) {
                    committedOffsets.put(log.identity().key(), log.committed().value());
                }
            }
            boolean isNew = write(RECOVERY_POINTS, recoveryPoints, lastRecoveryPoints);
            isNew |= write(START_OFFSETS, startOffsets, lastStartOffsets);
            isNew |= write(CLEANED_OFFSETS, cleanedOffsets, lastCleanedOffsets);
            isNew |= write(COMMITTED_OFFSETS, committedOffsets, lastCommittedOffsets);
            if (isNew) {
                Checkpoint.forceDirectory(directory);
                isSure = true;
                lastRecoveryPoints = recoveryPoints;
                lastStartOffsets = startOffsets;
                lastCleanedOffsets = cleanedOffsets;
                lastCommittedOffsets = committedOffsets;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean write(String name, Map<String, Long> offsets, Map<String, Long> before) throws IOException {
        Path file = directory.resolve(name);
        boolean isNeeded = !offsets.isEmpty() || Files.exists(file);
        if (offsets.equals(before) && (isSure || !isNeeded)) {
            return false;
        }
        Checkpoint.writeOffsets(file, offsets);
        return true;
    }

    void markClean() throws IOException {
        Files.writeString(directory.resolve(CLEAN_MARKER), "{\"version\":0}");
        Checkpoint.forceDirectory(directory);
    }
}

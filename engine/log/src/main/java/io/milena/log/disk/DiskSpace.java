package io.milena.log.disk;

import io.milena.runtime.Clock;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How much space the file system of a data directory has left, and whether that is less than the reserve, below which clients may not append: what frees space needs some first. Knows it
 * from a question to the file system, at most one in a second and one for so many appended bytes, so it may be passed by these. Safe for use by many threads.
 */
public final class DiskSpace {
    private static final System.Logger LOG = System.getLogger(DiskSpace.class.getName());
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** What the reserve is when nobody has chosen: 1 GiB, or on a small disk a twentieth of it. */
    private static final long RESERVE_MAX = 1L << 30;

    private static final int RESERVE_SHARE = 20;
    private static final int PLENTY = 8;
    /** Between the end of one shortage and the start of the next, and between two questions. */
    private static final long STEP_MIN = 64 << 10;

    private static final long STEP_MAX = 16 << 20;

    private final Path directory;
    private final FileStore store;
    private final Clock clock;
    private final long reserveBytes;
    private final long stepBytes;
    private final SpareSpace spare;
    private final AtomicLong appendedSince = new AtomicLong();
    private final ReentrantLock asking = new ReentrantLock();
    private final Signal changed = new Signal();
    private volatile long askedAtNanos;
    private volatile long usableBytes;
    private volatile boolean isShort;
    private volatile boolean wantsRelief;

    /** @param reserveBytes what must stay free; -1 for a reserve that fits the size of the disk, 0 for none */
    public DiskSpace(Path directory, long reserveBytes, Clock clock) throws IOException {
        this.directory = directory;
        this.clock = clock;
        this.store = Files.getFileStore(directory);
        this.reserveBytes =
                reserveBytes >= 0 ? reserveBytes : Math.min(RESERVE_MAX, store.getTotalSpace() / RESERVE_SHARE);
        this.stepBytes = Math.clamp(this.reserveBytes / 8, STEP_MIN, STEP_MAX);
        this.spare = new SpareSpace(directory, this.reserveBytes);
        ask();
        keepSpare();
    }

    /** Makes the {@link SpareSpace}, unless space is short. */
    public void keepSpare() {
        asking.lock();
        try {
            if (!isShort) {
                spare.keep();
            }
        } finally {
            asking.unlock();
        }
    }

    /** Something that is needed to free space. */
    @FunctionalInterface
    public interface Writing {
        void write() throws IOException;
    }

    /** Does it; where there is no space at all, once more with the {@link SpareSpace}. */
    public void withSpare(Writing writing) throws IOException {
        try {
            writing.write();
        } catch (IOException e) {
            if (Shortage.behind(e) != Shortage.SPACE) {
                throw e;
            }
            ranOut();
            writing.write();
        }
    }

    /** Whether something that frees space in the end may take so many bytes before: it may use half of the reserve. */
    public boolean hasRoomFor(long bytes) {
        if (reserveBytes == 0) {
            return true;
        }
        ask();
        return usableBytes - bytes >= reserveBytes / 2;
    }

    /** Whether something that is there for speed only may take so many bytes: eight times as much stays free above the reserve. */
    public boolean isPlentyBeside(long bytes) {
        ask();
        return usableBytes - bytes - reserveBytes >= PLENTY * bytes;
    }

    /** Why clients may not append so many bytes now; null when they may. */
    @Nullable
    public String refusal(int bytes) {
        if (reserveBytes == 0 && !isShort) {
            return null;
        }
        boolean isDue = clock.nanos() - askedAtNanos >= INTERVAL_NANOS;
        if (isDue || (!isShort && appendedSince.addAndGet(bytes) >= stepBytes)) {
            ask();
        }
        return isShort ? describe() : null;
    }

    private String describe() {
        return "the disk of " + directory + " is short of space: " + usableBytes + " bytes are free, " + reserveBytes
                + " are the reserve";
    }

    public boolean isShort() {
        return isShort;
    }

    /** Raised when housekeeping shall look for space. */
    public Signal changed() {
        return changed;
    }

    /** Whether housekeeping shall look for space at once. */
    public boolean wantsRelief() {
        return wantsRelief;
    }

    /** Somebody looks for space. */
    public void takeRelief() {
        wantsRelief = false;
    }

    /** Something was given up that housekeeping can turn into space. */
    public void hope() {
        if (isShort) {
            wantsRelief = true;
            changed.raise();
        }
    }

    /** A write has failed for lack of space, whatever the file system says it has. */
    public void ranOut() {
        asking.lock();
        try {
            spare.give();
            measure();
            if (!isShort) {
                begin();
            }
        } finally {
            asking.unlock();
        }
    }

    /** Asks the file system; who comes while somebody else asks goes on with what is known. */
    public void ask() {
        if (!asking.tryLock()) {
            return;
        }
        try {
            measure();
            if (usableBytes < spare.sizeInBytes()) {
                spare.give();
            }
            if (!isShort && usableBytes < reserveBytes) {
                begin();
            } else if (isShort && usableBytes >= reserveBytes + stepBytes) {
                isShort = false;
                LOG.log(Level.INFO, "The disk of {0} has space again: {1} bytes are free", directory, usableBytes);
            }
        } finally {
            asking.unlock();
        }
    }

    private void measure() {
        try {
            usableBytes = store.getUsableSpace();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot find out how much space {0} has: {1}", directory, e.getMessage());
        }
        appendedSince.set(0);
        askedAtNanos = clock.nanos();
    }

    private void begin() {
        isShort = true;
        wantsRelief = true;
        changed.raise();
        LOG.log(Level.WARNING, describe() + " (milena.disk.reserve.bytes). Producers are refused until there is more");
    }
}

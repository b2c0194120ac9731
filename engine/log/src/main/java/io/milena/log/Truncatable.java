package io.milena.log;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How the end of a log is taken away, as replication has to when another leader's records are others (KIP-101, KIP-279). Safe for use by many threads: nothing is appended, removed by
 * retention, exchanged, moved or closed meanwhile, so that whoever was at it before finds out afterwards by {@link Log#truncations()}. Readers go on; those of what goes must not be
 * consumers, which see nothing at or above the high watermark.
 */
final class Truncatable {
    private final Log log;
    private final ReentrantLock lock;
    private final ReentrantLock restructuring;

    Truncatable(Log log, ReentrantLock lock, ReentrantLock restructuring) {
        this.log = log;
        this.lock = lock;
        this.restructuring = restructuring;
    }

    /** As {@link Log#truncateTo}. */
    void truncateTo(long offset) throws IOException {
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset);
        }
        whileStill(() -> {
            if (offset < log.logEndOffset()) {
                truncate(() -> log.contents().truncation(offset));
            }
        });
    }

    /** As {@link Log#truncateFullyAndStartAt}. */
    void truncateFullyAndStartAt(long offset) throws IOException {
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset);
        }
        whileStill(() -> truncate(() -> Truncation.anew(log.identity().directory(), offset)));
    }

    private void whileStill(Forcing.Forceable work) throws IOException {
        restructuring.lock();
        try {
            log.movable().gate(true);
            if (log.isOffline()) {
                throw new IOException(log.identity().name() + " is offline");
            }
            work.force();
        } finally {
            log.movable().gate(false);
            restructuring.unlock();
        }
    }

    /** Until it is announced a failure leaves the log as it was; after that, it takes the directory offline, and the next start ends what was begun. */
    private void truncate(LogHealth.Work<Truncation> plan) throws IOException {
        boolean isAnnounced = false;
        log.durability().awaitFiles(); // of what becomes void in the journal
        Truncation truncation = locked(plan);
        try {
            locked(() -> log.contents().createOnDisk());
            log.health().guarded(log.identity()::force).force(); // its directory may be as new as its records
            log.services().space().withSpare(truncation::announce);
            isAnnounced = true;
            locked(() -> {
                if (truncation.isAnew()) {
                    log.services().trash().forgetSegmentsIn(log.identity().directory());
                }
                log.truncate(truncation);
                return truncation;
            });
            log.health().forceWithRoom(truncation::force);
            log.durability().makeVoid();
            log.health().forceWithRoom(log.services().checkpoints());
            log.health().forceWithRoom(truncation::conclude);
        } catch (IOException e) {
            if (isAnnounced || truncation.isAnnounced()) {
                log.health().fail("truncating", e);
            }
            throw e;
        }
        log.noteDirty();
        log.changed().raise();
    }

    private <T> T locked(LogHealth.Work<T> work) throws IOException {
        lock.lock();
        try {
            return log.health().withRoom(work);
        } finally {
            lock.unlock();
        }
    }
}

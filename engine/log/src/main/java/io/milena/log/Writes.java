package io.milena.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts how often a file was written and how much of that is forced. Written with the lock of a {@link Log}, forced without it by any number of threads: none takes what another has
 * only begun to force for done.
 */
final class Writes {
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger forced = new AtomicInteger();

    /** Called with the log's lock, when the writing is over. */
    void written() {
        written.incrementAndGet();
    }

    /** What was written is on disk by other means, or will be gone. Called with the log's lock. */
    void forgotten() {
        forced.set(written.get());
    }

    /** Does it unless it is done; when it fails it is to be done still. */
    void force(Forcing.Forceable work) throws IOException {
        int now = written.get();
        if (forced.get() < now) {
            try {
                work.force();
            } catch (NoSuchFileException e) {
                if (forced.get() < now) {
                    throw e;
                }
            }
            forced.accumulateAndGet(now, Math::max);
        }
    }
}

package io.milena.quorum;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Finishes what an interrupt would break off. An interrupt closes the channel that a thread uses, and the thread that appends may be that of a client who is gone:
 * its leaving must not stop the metadata of all others. The work is done again from its beginning, and the interrupt kept for later.
 */
final class Uninterrupted {
    private Uninterrupted() {}

    /** Something that may be begun again at any point. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    static void finish(Work work) throws IOException {
        boolean isInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    work.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    isInterrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

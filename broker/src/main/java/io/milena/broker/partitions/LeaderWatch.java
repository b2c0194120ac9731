package io.milena.broker.partitions;

import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Looks which partitions this broker leads, whenever the metadata have changed, on a thread of its own.
 *
 * @param changed raised when the metadata's offset grows
 */
public record LeaderWatch(Signal changed, LongSupplier metadataOffset, Environment environment) {
    private static final System.Logger LOG = System.getLogger(LeaderWatch.class.getName());
    /** A replica may have to truncate before it leads, which changes no metadata; and a log may be readable again. */
    private static final long AGAIN_MS = 500;

    /** Takes over from leaders before, and lets go of what this broker does not lead any more. */
    public interface Follower {
        void follow() throws IOException;
    }

    /** From now on, until it is stopping. */
    public void start(String name, Follower follower, BooleanSupplier isStopping) {
        environment.threads().start(name, () -> {
            try {
                while (!isStopping.getAsBoolean()) {
                    long offset = metadataOffset.getAsLong();
                    follow(name, follower);
                    Deadline pause = Deadline.afterMs(environment.clock(), AGAIN_MS);
                    changed.await(() -> isStopping.getAsBoolean() || metadataOffset.getAsLong() != offset, pause);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void follow(String name, Follower follower) {
        try {
            follower.follow();
        } catch (IOException e) {
            LOG.log(Level.ERROR, name + ": a partition cannot be loaded; it is tried again", e);
        }
    }
}

package io.milena.broker.quorum;

import io.milena.quorum.MetadataLog;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * Makes this node a member of the quorum, unless it is one, and tells the others where it is now; again if it was removed, as a voter that is to go on as a broker is. One thread.
 */
public final class QuorumJoining implements Runnable, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(QuorumJoining.class.getName());
    private static final long INTERVAL_MS = 2_000;
    private static final long PAUSE_MS = 200;

    private final MetadataLog log;
    private final Clock clock;
    private final Thread thread;
    private volatile boolean isStopping;

    public QuorumJoining(MetadataLog log, Environment environment) {
        this.log = log;
        this.clock = environment.clock();
        this.thread = environment.threads().start("quorum-joining", this);
    }

    @Override
    public void run() {
        String said = "";
        try {
            while (!isStopping) {
                try {
                    log.join();
                    said = "";
                    clock.sleepMs(INTERVAL_MS);
                } catch (IOException e) {
                    String reason = String.valueOf(e.getMessage());
                    if (!reason.equals(said)) {
                        LOG.log(Level.WARNING, "This node is no member of the quorum yet: {0}", reason);
                        said = reason;
                    }
                    clock.sleepMs(PAUSE_MS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        isStopping = true;
        thread.interrupt();
    }
}

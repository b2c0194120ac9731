package io.milena.simulator.cluster;

import io.milena.simulator.History;
import java.io.UncheckedIOException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hears what brokers log as errors. That a disk has failed is one; an exception of their own that nobody has foreseen breaks a promise, whatever became of the request. */
final class Complaints extends Handler {
    /** Held, or it would be collected. */
    private static final Logger BROKERS = Logger.getLogger("io.milena");

    private volatile @Nullable LogRecord unforeseen;

    /** Hears from now on. */
    Complaints() {
        setLevel(Level.SEVERE);
        BROKERS.addHandler(this);
    }

    void check() {
        LogRecord heard = unforeseen;
        if (heard != null) {
            throw new History.Violation(heard.getLoggerName() + ": " + heard.getMessage() + ": " + heard.getThrown()
                    + " at " + heard.getThrown().getStackTrace()[0]);
        }
    }

    @Override
    public void publish(LogRecord heard) {
        Throwable thrown = heard.getThrown();
        boolean isOwn = thrown instanceof RuntimeException || thrown instanceof Error;
        if (isOwn && !(thrown instanceof UncheckedIOException) && unforeseen == null) {
            unforeseen = heard;
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        BROKERS.removeHandler(this);
    }
}

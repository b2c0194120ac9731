package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.text.MessageFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What connections have to say to whoever reads the log. */
final class Complaints extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger(Connection.class.getName());
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Complaints() {
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
        if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
            lines.add(
                    line.getParameters() == null
                            ? line.getMessage()
                            : MessageFormat.format(line.getMessage(), line.getParameters()));
        }
    }

    /** Waits for the next one. */
    String next() throws InterruptedException {
        String line = lines.poll(60, TimeUnit.SECONDS);
        assertNotNull(line, "nothing was said");
        return line;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}

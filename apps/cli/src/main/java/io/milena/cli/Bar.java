package io.milena.cli;

import java.io.PrintStream;

/** How far long work is: drawn over and over in one line of the error output, and taken away at the end. Where nobody looks at that there is nothing. For one thread. */
final class Bar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final int PERCENT = 100;
    private static final String LINE_AGAIN = "\r\u001b[K";

    private final PrintStream err;
    private final boolean isWatched;
    private final long total;
    private int shownPercent = -1;

    private Bar(PrintStream err, boolean isWatched, long total) {
        this.err = err;
        this.isWatched = isWatched;
        this.total = total;
    }

    /** @param total of whatever is counted; nothing is drawn where it is 0 */
    static Bar watched(PrintStream err, long total) {
        return new Bar(err, total > 0, total);
    }

    /** For where nobody looks. */
    static Bar none() {
        return new Bar(System.err, false, 0);
    }

    /** So many parts of the whole, as a drawing. */
    static String drawn(long done, long total) {
        int full = total == 0 ? WIDTH : Math.toIntExact(WIDTH * Math.clamp(done, 0, total) / total);
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
    }

    /** Draws when that is a percent more. */
    void show(long done) {
        if (!isWatched) {
            return;
        }
        int percent = Math.toIntExact(PERCENT * Math.clamp(done, 0, total) / total);
        if (percent != shownPercent) {
            shownPercent = percent;
            err.print(LINE_AGAIN + drawn(done, total) + " " + percent + " %");
            err.flush();
        }
    }

    /** What comes next begins in an empty line. */
    @Override
    public void close() {
        if (shownPercent >= 0) {
            err.print(LINE_AGAIN);
            err.flush();
        }
    }
}

package io.milena.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;

/** Where a command reads and writes: the process's own streams, or those of a test. */
record Terminal(InputStream in, PrintStream out, PrintStream err) {
    /** Whether somebody looks on: the output is the process's own, and goes to a screen. */
    @SuppressWarnings("SystemConsoleNull") // from Java 25 on it is null again where nobody looks on
    boolean isInteractive() {
        Console console = System.console();
        return out.equals(System.out) && console != null && console.isTerminal();
    }

    /** For long work that says nothing else. Drawn where the errors go to a screen, which a JVM does not know, but the script that starts it. */
    Bar bar(long total) {
        return err.equals(System.err) && Boolean.getBoolean("milena.errors.watched")
                ? Bar.watched(err, total)
                : Bar.none();
    }

    /** As {@link #bar}, for work whose output shows how far it is where it goes to a screen too. */
    Bar barBesideOutput(long total) {
        return Boolean.getBoolean("milena.output.watched") ? Bar.none() : bar(total);
    }
}

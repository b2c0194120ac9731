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
}

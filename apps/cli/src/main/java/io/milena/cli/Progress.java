package io.milena.cli;

import java.io.Console;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far a reassignment is: a bar that stays in its line where somebody looks at it, else a line whenever partitions have arrived. */
final class Progress {
    private static final double BYTES_PER_MB = 1e6;

    private final Terminal terminal;
    private final int partitions;
    private final boolean isWatched;
    private int shown = -1;

    @SuppressWarnings("SystemConsoleNull") // not in every version
    Progress(Terminal terminal, int partitions) {
        this.terminal = terminal;
        this.partitions = partitions;
        @Nullable Console console = System.console(); // none where nobody looks
        this.isWatched = console != null && console.isTerminal();
    }

    void show(int arrived, long missingBytes) {
        String text = String.format(
                Locale.ROOT,
                "%s %d of %d partitions, %.1f MB to copy",
                Bar.drawn(arrived, partitions),
                arrived,
                partitions,
                missingBytes / BYTES_PER_MB);
        if (isWatched) {
            terminal.out().print("\r" + text + "   ");
            terminal.out().flush();
        } else if (arrived != shown) {
            terminal.out().println(text);
        }
        shown = arrived;
    }

    void end() {
        if (isWatched && shown >= 0) {
            terminal.out().println();
        }
        terminal.out().println("Moved " + partitions + " partition(s)");
    }
}

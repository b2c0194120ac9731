package io.milena.cli;

import io.milena.cli.demo.Narrator;
import io.milena.cli.demo.Story;
import io.milena.embedded.Milena;
import io.milena.embedded.MilenaCluster;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code milena demo}: a cluster that survives its brokers, shown in a minute. */
@Command(
        name = "demo",
        description =
                "Starts three brokers in this process, plays a story of orders on them, with a consumer that crashes and a broker that is killed, and shows what happens where. Needs no broker and leaves nothing behind.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  milena demo", "  milena demo --pause", "  milena demo --fast > story.txt"})
public final class DemoCommand implements Callable<Integer> {
    private static final int SESSION_MS = 10_000;
    private static final int SHORT_SESSION_MS = 1_000;

    /** Held, because levels of loggers that nobody holds are forgotten. */
    private static final Logger BROKERS = Logger.getLogger("io.milena");

    @ArgGroup
    private Speed speed = new Speed();

    /** How fast the story is told: at most one of these. */
    static final class Speed {
        @Option(names = "--pause", description = "Wait for Enter after each chapter.")
        private boolean pause;

        @Option(
                names = "--fast",
                description = "No pauses, and a session time-out of 1 s instead of 10 s. Some seconds in all.")
        private boolean fast;

        Narrator.Pace pace(boolean isTerminal) {
            return pause ? Narrator.Pace.PAUSING : fast || !isTerminal ? Narrator.Pace.FAST : Narrator.Pace.READING;
        }
    }

    private final Terminal terminal;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean isTerminal = terminal.isInteractive();
        Narrator narrator = new Narrator(
                terminal.out(), terminal.in(), speed.pace(isTerminal), isTerminal && System.getenv("NO_COLOR") == null);
        int sessionMs = speed.fast ? SHORT_SESSION_MS : SESSION_MS;
        Level before = BROKERS.getLevel();
        // What brokers log when one of them is killed is part of the story, not a message to its reader.
        BROKERS.setLevel(Level.OFF);
        try (MilenaCluster cluster = Milena.configure()
                .set("group.min.session.timeout.ms", Integer.toString(SHORT_SESSION_MS))
                .cluster(3)) {
            Thread cleanUp = new Thread(cluster::close, "demo-clean-up");
            Runtime.getRuntime().addShutdownHook(cleanUp);
            try {
                new Story(cluster, narrator, sessionMs).play();
            } finally {
                forget(cleanUp);
            }
        } finally {
            BROKERS.setLevel(before);
        }
        return 0;
    }

    private static void forget(Thread cleanUp) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleanUp);
        } catch (IllegalStateException _) {
            // Ctrl-C: it runs already
        }
    }
}

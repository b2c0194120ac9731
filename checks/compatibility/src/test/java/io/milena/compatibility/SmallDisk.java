package io.milena.compatibility;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A real file system for one process alone: a tmpfs in a mount namespace of its own, which needs no rights. It goes with the process. */
final class SmallDisk {
    private SmallDisk() {}

    /** The command with a file system mounted on {@code folder}; skips the test, and says why, on a machine that does not allow it. */
    static List<String> mounted(Path folder, String options, List<String> command) {
        List<String> wrapped = new ArrayList<>(List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o " + options + " tmpfs \"$0\" && exec \"$@\"",
                folder.toString()));
        List<String> attempt = new ArrayList<>(wrapped);
        attempt.add("true");
        assumePossible(attempt);
        wrapped.addAll(command);
        return wrapped;
    }

    /** Skips the test where a command cannot be run. */
    static void assumePossible(List<String> command) {
        String obstacle;
        try {
            ExternalProgram.Result result = ExternalProgram.run(command);
            obstacle = result.exit() == 0 ? "" : result.errors();
        } catch (UncheckedIOException e) {
            obstacle = e.getCause().getMessage();
        }
        Assumptions.assumeTrue(obstacle.isEmpty(), "this machine gives no file system to a user: " + obstacle);
    }
}

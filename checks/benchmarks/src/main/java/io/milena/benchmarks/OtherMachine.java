package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Has clients on this machine stand for ones on another: those whose latency is measured do not wait for a processor that the broker or another client has, and those that only make work take none from the broker.
 */
final class OtherMachine {
    /** The name of a process or thread is cut there by the kernel. */
    private static final int NAME_CHARACTERS_MAX = 15;

    private OtherMachine() {}

    /** How to start a program that has a processor when nobody else wants it, and gives way at once. */
    static List<String> last(List<String> command) {
        List<String> all = new ArrayList<>(List.of("chrt", "--idle", "0"));
        all.addAll(command);
        return all;
    }

    /**
     * Has the calling thread, and those of this process whose names begin so, a processor before everybody else (SCHED_RR); not so the threads and processes that they start.
     *
     * @return false if that is not allowed
     */
    static boolean first(String names) throws IOException, InterruptedException {
        String begin = names.substring(0, Math.min(names.length(), NAME_CHARACTERS_MAX));
        boolean isFirst = isFirst(Path.of("/proc/thread-self").toRealPath());
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).startsWith(begin)) {
                    isFirst &= isFirst(thread);
                }
            }
        }
        return isFirst;
    }

    private static boolean isFirst(Path thread) throws IOException, InterruptedException {
        return new ProcessBuilder(
                                "chrt",
                                "--rr",
                                "--reset-on-fork",
                                "--pid",
                                "1",
                                thread.getFileName().toString())
                        .redirectErrorStream(true)
                        .start()
                        .waitFor()
                == 0;
    }
}

package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The memory in which the kernel keeps what was read and written of files. */
final class PageCache {
    private PageCache() {}

    /** Writes what is not on disk yet. */
    static void write() throws IOException, InterruptedException {
        new ProcessBuilder("sync").inheritIO().start().waitFor();
    }

    /** Writes what is not on disk yet, and forgets what some files hold, so that it is read from the disk next. */
    static void forget(List<Path> files) throws IOException, InterruptedException {
        write();
        for (Path file : files) {
            List<String> forget = List.of("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
            if (new ProcessBuilder(forget).inheritIO().start().waitFor() != 0) {
                throw new IOException("the page cache keeps " + file);
            }
        }
    }
}

package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory in which the kernel keeps what was read and written of files. */
final class PageCache {
    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

    private PageCache() {}

    /** Writes what is not on disk yet. */
    static void write() throws IOException, InterruptedException {
        new ProcessBuilder("sync").inheritIO().start().waitFor();
    }

    /** Writes what is not on disk yet, and forgets all of it, so that what is read next comes from the disk; answers false if that is not allowed. */
    static boolean drop() throws IOException, InterruptedException {
        if (!Files.isWritable(DROP)) {
            return false;
        }
        write();
        Files.writeString(DROP, "1");
        return true;
    }
}

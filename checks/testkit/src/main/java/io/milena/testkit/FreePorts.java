package io.milena.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Ports of this machine for processes that are told theirs before they listen. Each is given to one JVM at a time, which keeps it until it ends: a file of its own is locked meanwhile. They are below those that systems hand
 * out by themselves, so nobody's connection takes one either. Safe for use by many threads.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    /** Linux hands out those from 32768 on. */
    private static final int LAST = 32_000;

    /** Held until the JVM ends. */
    private static final List<FileLock> HELD = new ArrayList<>();

    private static int next = FIRST;

    private FreePorts() {}

    /** One that was not given before in this JVM, and on which nobody listens. */
    public static synchronized int take() {
        try {
            Path folder = Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), "milena-test-ports"));
            while (next <= LAST) {
                int port = next++;
                FileLock lock = lock(folder.resolve(Integer.toString(port)));
                if (lock != null) {
                    HELD.add(lock);
                    if (isFree(port)) {
                        return port;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("no port is free from " + FIRST + " to " + LAST);
    }

    /** As many as that, all different. */
    public static List<Integer> take(int count) {
        return IntStream.range(0, count).mapToObj(i -> take()).toList();
    }

    /** Null if another process has it. */
    private static @Nullable FileLock lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
        }
        return lock;
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (BindException e) {
            return false; // who listens there knows nothing of these files
        }
    }
}

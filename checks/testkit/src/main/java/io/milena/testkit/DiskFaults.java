package io.milena.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Asked before every operation of a {@link SimulatedFileSystem}, on the thread that performs it and outside all locks. It throws to make the
 * operation fail with nothing done, and may wait (on a {@code Clock}) to make it slow, take a {@link SimulatedFileSystem#copy()} or count.
 *
 * <p>A failed {@link DiskOperation#FORCE} of a file behaves as on Linux: what was dirty stays readable but counts as clean, so a later force
 * succeeds without writing it and a power loss takes it.
 */
@FunctionalInterface
public interface DiskFaults {
    void before(DiskOperation operation, Path path) throws IOException;

    /** Nothing fails. */
    static DiskFaults none() {
        return (operation, path) -> {};
    }

    /** Lets the next {@code count} matching operations fail with {@code Input/output error}, after {@code skip} that succeed. */
    static DiskFaults failing(DiskOperation operation, Predicate<Path> paths, int skip, int count) {
        AtomicInteger seen = new AtomicInteger();
        return (current, path) -> {
            if (current == operation && paths.test(path)) {
                int index = seen.getAndIncrement();
                if (index >= skip && index - skip < count) {
                    throw inputOutputError(path);
                }
            }
        };
    }

    /** Both: {@code this} is asked first. */
    default DiskFaults and(DiskFaults other) {
        return (operation, path) -> {
            before(operation, path);
            other.before(operation, path);
        };
    }

    /** What the kernel's EIO looks like in Java. */
    static IOException inputOutputError(Path path) {
        return new java.nio.file.FileSystemException(path.toString(), null, "Input/output error");
    }
}

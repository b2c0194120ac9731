package io.milena.broker.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a broker keeps its data, as {@code log.dirs} and {@code metadata.log.dir} say. No path is another one, or lies in it.
 *
 * @param metadata where the metadata log is; it need not be among {@code logs}
 */
public record DataPaths(Path metadata, List<Path> logs) {
    /** @throws IllegalArgumentException if there is no path for logs, or two that are the same or nested */
    public DataPaths {
        logs = List.copyOf(logs);
        if (logs.isEmpty()) {
            throw new IllegalArgumentException(
                    "Invalid value for configuration log.dirs: at least one folder is needed");
        }
        List<Path> seen = new ArrayList<>();
        for (Path path : logs) {
            for (Path other : seen) {
                checkApart(path, other);
            }
            seen.add(path);
            if (!path.equals(metadata)) {
                checkApart(metadata, path);
            }
        }
    }

    /** One directory for all. */
    public static DataPaths of(Path path) {
        return new DataPaths(path, List.of(path));
    }

    private static void checkApart(Path one, Path other) {
        Path first = one.toAbsolutePath().normalize();
        Path second = other.toAbsolutePath().normalize();
        if (first.startsWith(second) || second.startsWith(first)) {
            throw new IllegalArgumentException(
                    "Data directories must be different, and none inside of another: " + other + ", " + one);
        }
    }
}

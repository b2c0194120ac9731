package io.milena.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the data of a broker are meant to be.
 *
 * @param metadata where the metadata are; it need not be a place for logs
 * @param logs where logs are, in the order in which they are configured
 * @param broken what need not be tried: why a path among {@code logs} cannot be used
 */
public record DirectoryLayout(
        LogDirectory.Place metadata, List<LogDirectory.Place> logs, Map<Path, IOException> broken) {
    public DirectoryLayout {
        logs = List.copyOf(logs);
        broken = Map.copyOf(broken);
    }

    /** One directory for all. */
    public static DirectoryLayout of(LogDirectory.Place place) {
        return new DirectoryLayout(place, List.of(place), Map.of());
    }

    /** The metadata's first. */
    List<LogDirectory.Place> all() {
        return Stream.concat(Stream.of(metadata), logs.stream().filter(place -> !place.equals(metadata)))
                .toList();
    }

    boolean isForLogs(LogDirectory directory) {
        return logs.stream().anyMatch(place -> place.path().equals(directory.path()));
    }
}

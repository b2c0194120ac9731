package io.milena.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names in a partition's directory, read once. */
record PartitionFiles(Path directory, Set<String> names) {
    static PartitionFiles list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return new PartitionFiles(
                    directory,
                    entries.map(file -> file.getFileName().toString()).collect(Collectors.toUnmodifiableSet()));
        }
    }

    /** The offsets after which files with this ending are named, ascending. */
    List<Long> offsets(String ending) {
        return names.stream()
                .map(name -> FileNames.offset(name, ending))
                .filter(offset -> offset >= 0)
                .sorted()
                .toList();
    }

    boolean has(String name) {
        return names.contains(name);
    }

    List<Path> endingWith(String ending) {
        return names.stream()
                .filter(name -> name.endsWith(ending))
                .sorted()
                .map(directory::resolve)
                .toList();
    }
}

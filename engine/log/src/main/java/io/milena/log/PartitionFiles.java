package io.milena.log;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The names in a partition's directory, read once. A start lists as many directories as there are partitions, so this does little for each. */
final class PartitionFiles {
    private final Path directory;
    /** Sorted, and so are the offsets in them, which have leading zeros. */
    private final List<String> names;

    private PartitionFiles(Path directory, List<String> names) {
        this.directory = directory;
        this.names = names;
    }

    static PartitionFiles list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(names);
        return new PartitionFiles(directory, names);
    }

    Path directory() {
        return directory;
    }

    /** The offsets after which files with this ending are named, ascending. */
    List<Long> offsets(String ending) {
        List<Long> offsets = new ArrayList<>();
        for (String name : names) {
            long offset = FileNames.offset(name, ending);
            if (offset >= 0) {
                offsets.add(offset);
            }
        }
        return offsets;
    }

    boolean has(String name) {
        return Collections.binarySearch(names, name) >= 0;
    }

    List<Path> endingWith(String ending) {
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            if (name.endsWith(ending)) {
                files.add(directory.resolve(name));
            }
        }
        return files;
    }
}

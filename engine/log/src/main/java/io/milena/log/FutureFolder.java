package io.milena.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code topic-partition.ID-future} in a data directory: a partition is on its way here. It is made when the move is asked for, so that a start knows of it, and holds the copy
 * later; what is in it counts for nothing.
 */
record FutureFolder(Path path, UUID topicId, int partition) {
    static final String ENDING = "-future";
    private static final Pattern NAME = Pattern.compile(".*-(\\d{1,9})\\.([0-9a-f]{32})" + ENDING);

    /** For a log that is to be in a data directory. */
    static FutureFolder of(Log log, Path data) {
        LogIdentity there = LogIdentity.of(data, log.topic(), log.partition(), log.topicId());
        return new FutureFolder(TrashedPartition.beside(there, ENDING), log.topicId(), log.partition());
    }

    static boolean isNameOf(Path directory) {
        return directory.getFileName().toString().endsWith(ENDING);
    }

    /** Null if the name does not say whose it is. */
    static @Nullable FutureFolder of(Path directory) {
        Matcher name = NAME.matcher(directory.getFileName().toString());
        return name.matches()
                ? new FutureFolder(directory, TrashedPartition.id(name.group(2)), Integer.parseInt(name.group(1)))
                : null;
    }

    /** Makes it where it is not, without forcing its name. */
    void make() throws IOException {
        Files.createDirectories(path);
    }

    /** Takes everything out of it. */
    void empty() throws IOException {
        make();
        try (Stream<Path> contents = Files.list(path)) {
            for (Path each : contents.toList()) {
                Trash.deleteRecursively(each);
            }
        }
    }
}

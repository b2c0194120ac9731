package io.milena.log;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A deleted partition's directory, with the name that Kafka gives it: {@code topic-partition.id-delete}. */
record TrashedPartition(Path directory, UUID topicId, int partition) {
    private static final Pattern NAME = Pattern.compile(".*-(\\d{1,9})\\.([0-9a-f]{32})" + Trash.DIRECTORY_ENDING);
    /** Of a file, in most file systems. */
    private static final int NAME_LENGTH_MAX = 255;

    /** Where the directory of this log goes. Where the name would be too long, it is the topic's that is cut. */
    static TrashedPartition of(LogIdentity log) {
        return new TrashedPartition(beside(log, Trash.DIRECTORY_ENDING), log.topicId(), log.partition());
    }

    /** A directory beside that of a log, named after it and after the topic id. Where the name would be too long, it is the topic's that is cut. */
    static Path beside(LogIdentity log, String suffix) {
        String ending = "-" + log.partition() + "." + hex(log.topicId()) + suffix;
        String topic = log.topic();
        String cut = topic.substring(0, Math.min(topic.length(), NAME_LENGTH_MAX - ending.length()));
        return log.directory().resolveSibling(cut + ending);
    }

    /** Null if the directory has another name. */
    static @Nullable TrashedPartition of(Path directory) {
        Matcher name = NAME.matcher(directory.getFileName().toString());
        return name.matches()
                ? new TrashedPartition(directory, id(name.group(2)), Integer.parseInt(name.group(1)))
                : null;
    }

    static String hex(UUID id) {
        return id.toString().replace("-", "");
    }

    static UUID id(String hex) {
        int half = hex.length() / 2;
        return new UUID(
                HexFormat.fromHexDigitsToLong(hex.substring(0, half)),
                HexFormat.fromHexDigitsToLong(hex.substring(half)));
    }
}

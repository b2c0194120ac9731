package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which partition a directory holds. The topic id stands in {@code partition.metadata}. */
record LogIdentity(Path directory, String topic, int partition, UUID topicId) {
    private static final String FILE = "partition.metadata";
    private static final String METADATA_LOG = "__cluster_metadata-0";
    private static final String TOPIC_ID = "topic_id: ";
    /** 16 bytes, as characters of Base64. */
    private static final int ID_CHARS = 22;

    private static final int INDEX_DIGITS_MAX = 9;

    /** A partition that need not be on disk yet. */
    static LogIdentity of(Path data, String topic, int partition, UUID topicId) {
        return new LogIdentity(data.resolve(topic + "-" + partition), topic, partition, topicId);
    }

    /** Makes the directory, without forcing it. */
    void create() throws IOException {
        Files.createDirectories(directory);
        byte[] id = ByteBuffer.allocate(16)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .array();
        String text = "version: 0\n" + TOPIC_ID
                + Base64.getUrlEncoder().withoutPadding().encodeToString(id) + "\n";
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** In its place: a file that says the same already says it at every moment. */
    private void write(ByteBuffer text) throws IOException {
        try (FileChannel channel =
                FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (text.hasRemaining()) {
                channel.write(text, text.position());
            }
            channel.truncate(text.limit());
        }
    }

    /** Makes what {@link #create} made survive a power cut. */
    void force() throws IOException {
        Checkpoint.force(directory.resolve(FILE));
        Checkpoint.forceDirectory(directory);
        Checkpoint.forceDirectory(directory.resolveSibling(""));
    }

    /** Writes the same once more, where an earlier force may have failed: the kernel shows what it will never write, unless it is written again. */
    void rewrite() throws IOException {
        write(ByteBuffer.wrap(Files.readAllBytes(directory.resolve(FILE))));
    }

    /** As people write it: {@code topic-partition}. */
    String name() {
        return topic + "-" + partition;
    }

    /** As checkpoint files write it: {@code topic partition}. */
    String key() {
        return key(topic, partition);
    }

    static String key(String topic, int partition) {
        return topic + " " + partition;
    }

    /** Whether a directory's name is that of a partition; the metadata log, which bears such a name too, is not of this module. */
    static boolean isPartition(Path directory) {
        String name = directory.getFileName().toString();
        int dash = name.lastIndexOf('-');
        int digits = name.length() - dash - 1;
        if (dash <= 0 || digits == 0 || digits > INDEX_DIGITS_MAX) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isLegal = FileNames.isDigit(c) || (i <= dash && isTopicCharacter(c));
            if (!isLegal) {
                return false;
            }
        }
        return !name.equals(METADATA_LOG);
    }

    private static boolean isTopicCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
    }

    /** What a directory says it holds; nothing when it does not, as after a power cut before anything in it was forced. */
    static Optional<LogIdentity> read(Path directory) throws IOException {
        String name = directory.getFileName().toString();
        int dash = name.lastIndexOf('-');
        String text;
        try {
            text = Files.readString(directory.resolve(FILE), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        UUID topicId = topicId(text);
        return topicId == null
                ? Optional.empty()
                : Optional.of(new LogIdentity(
                        directory, name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)), topicId));
    }

    private static @Nullable UUID topicId(String text) {
        for (String each : text.split("\n", -1)) {
            String line = each.stripTrailing();
            if (line.startsWith(TOPIC_ID) && line.length() == TOPIC_ID.length() + ID_CHARS) {
                try {
                    ByteBuffer id = ByteBuffer.wrap(Base64.getUrlDecoder().decode(line.substring(TOPIC_ID.length())));
                    return new UUID(id.getLong(), id.getLong());
                } catch (IllegalArgumentException e) {
                    return null; // not Base64
                }
            }
        }
        return null;
    }
}

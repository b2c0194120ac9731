package io.milena.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.UUID;

/** Which partition a directory holds. The topic id stands in {@code partition.metadata}. */
record LogIdentity(Path directory, String topic, int partition, UUID topicId) {
    private static final String FILE = "partition.metadata";

    static LogIdentity create(Path data, String topic, int partition, UUID topicId) throws IOException {
        Path directory = data.resolve(topic + "-" + partition);
        Files.createDirectories(directory);
        byte[] id = ByteBuffer.allocate(16)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .array();
        String text = "version: 0\ntopic_id: "
                + Base64.getUrlEncoder().withoutPadding().encodeToString(id) + "\n";
        Checkpoint.replace(directory.resolve(FILE), text);
        Checkpoint.forceDirectory(directory);
        return new LogIdentity(directory, topic, partition, topicId);
    }

    /** As people write it: {@code topic-partition}. */
    String name() {
        return topic + "-" + partition;
    }

    /** Whether a directory's name is that of a partition. */
    static boolean isPartition(Path directory) {
        return directory.getFileName().toString().matches("[a-zA-Z0-9._-]+-\\d+")
                && Files.exists(directory.resolve(FILE));
    }

    static LogIdentity read(Path directory) throws IOException {
        String name = directory.getFileName().toString();
        int dash = name.lastIndexOf('-');
        String id = Files.readAllLines(directory.resolve(FILE)).stream()
                .filter(line -> line.startsWith("topic_id: "))
                .map(line -> line.substring("topic_id: ".length()))
                .findFirst()
                .orElseThrow(() -> new IOException("no topic_id in " + directory.resolve(FILE)));
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(id.getBytes(StandardCharsets.US_ASCII)));
        return new LogIdentity(
                directory,
                name.substring(0, dash),
                Integer.parseInt(name.substring(dash + 1)),
                new UUID(bytes.getLong(), bytes.getLong()));
    }
}

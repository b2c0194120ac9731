package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of a topic before it is deleted: a small file beside the partitions' directories, named after the topic's id. As long as it is there, the topic can be
 * restored; a directory in the trash that no note tells of is rubbish.
 *
 * <pre>
 * milena-deleted-0123456789abcdeffedcba9876543210.properties
 *   version=1
 *   topic=orders
 *   topic.id=ASNFZ4mrze_-3LqYdlQyEA
 *   partitions=3
 *   leader.epoch=0
 *   deleted.at.ms=1767225600000
 *   directories=WkOIuAeBRuSw1TcdzvnLiA    the ids of the data directories that the partitions were assigned to
 *   setting.retention.ms=60000
 *   replicas.0=1 2 3/1 3                  the brokers of a partition, and those of them that were in sync
 *   log.0=100 2000                        log start offset, and the offset below which everything is forced
 * </pre>
 *
 * @param logs by partition, of those that have files
 */
record DeletionNote(DeletedTopic topic, Map<Integer, Offsets> logs) {
    private static final Pattern NAME = Pattern.compile("milena-deleted-([0-9a-f]{32})\\.properties");
    private static final String SETTING = "setting.";
    private static final String LOG = "log.";
    private static final String DIRECTORIES = "directories";
    private static final String REPLICAS = "replicas.";

    DeletionNote {
        logs = Collections.unmodifiableMap(new TreeMap<>(logs));
    }

    /** What a partition's own files do not say. */
    record Offsets(long start, long recoveryPoint) {
        static final Offsets UNKNOWN = new Offsets(0, 0);

        /** Of a log whose files have all that its journal has. */
        static Offsets of(Log log) {
            return new Offsets(log.logStartOffset(), log.forcedOffset());
        }

        /** Of a log that is in use, as far as it may be written down. */
        static Offsets durable(Log log) {
            return new Offsets(log.durability().durableStartOffset(), log.forcedOffset());
        }

        Offsets orLater(long otherStart, long otherRecoveryPoint) {
            return new Offsets(Math.max(start, otherStart), Math.max(recoveryPoint, otherRecoveryPoint));
        }
    }

    /** With what is known of these logs by now. */
    DeletionNote with(Collection<Log> newer, Function<Log, Offsets> offsets) {
        Map<Integer, Offsets> all = new TreeMap<>(logs);
        newer.forEach(log -> all.put(log.partition(), offsets.apply(log)));
        return new DeletionNote(topic, all);
    }

    boolean hasSameStarts(DeletionNote other) {
        return starts().equals(other.starts());
    }

    private Map<Integer, Long> starts() {
        return logs.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, log -> log.getValue().start()));
    }

    /** The topic that a file is a note of, by its name; null when it is no note. */
    static @Nullable UUID topicId(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? TrashedPartition.id(name.group(1)) : null;
    }

    static Path file(Path directory, UUID topicId) {
        return directory.resolve("milena-deleted-" + TrashedPartition.hex(topicId) + ".properties");
    }

    /** Durable when it returns. */
    void write(Path directory) throws IOException {
        Checkpoint.replaceDurably(file(directory, topic.id()), text());
    }

    static void delete(Path directory, UUID topicId) throws IOException {
        Files.deleteIfExists(file(directory, topicId));
        Checkpoint.forceDirectory(directory);
    }

    String text() throws IOException {
        Properties properties = new Properties();
        properties.setProperty("version", "1");
        properties.setProperty("topic", topic.name());
        properties.setProperty("topic.id", base64(topic.id()));
        properties.setProperty("partitions", Integer.toString(topic.partitions()));
        properties.setProperty("leader.epoch", Integer.toString(topic.leaderEpoch()));
        properties.setProperty("deleted.at.ms", Long.toString(topic.deletedAtMs()));
        if (!topic.directories().isEmpty()) {
            properties.setProperty(
                    DIRECTORIES,
                    topic.directories().stream().map(DeletionNote::base64).collect(Collectors.joining(",")));
        }
        for (int i = 0; i < topic.replicas().size(); i++) {
            DeletedTopic.Replicas replicas = topic.replicas().get(i);
            properties.setProperty(REPLICAS + i, ids(replicas.all()) + "/" + ids(replicas.inSync()));
        }
        topic.settings().forEach((name, value) -> properties.setProperty(SETTING + name, value));
        logs.forEach((partition, offsets) ->
                properties.setProperty(LOG + partition, offsets.start + " " + offsets.recoveryPoint));
        StringWriter text = new StringWriter();
        properties.store(text, null);
        // Without the line that says when it was written.
        return text.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** @throws IOException if the file cannot be read or is not what {@link #text} gives */
    static DeletionNote read(Path file) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
            DeletionNote note = parse(properties);
            if (note.topic.id().equals(topicId(file))) {
                return note;
            }
        } catch (RuntimeException e) {
            throw new IOException(file + " is not the note of a deleted topic: " + e.getMessage(), e);
        }
        throw new IOException(file + " is the note of another topic");
    }

    private static DeletionNote parse(Properties properties) {
        Map<String, String> settings = new TreeMap<>();
        Map<Integer, Offsets> logs = new TreeMap<>();
        Map<Integer, DeletedTopic.Replicas> replicas = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            String value = properties.getProperty(name);
            if (name.startsWith(SETTING)) {
                settings.put(name.substring(SETTING.length()), value);
            } else if (name.startsWith(REPLICAS)) {
                int slash = value.indexOf('/');
                replicas.put(
                        Integer.parseInt(name.substring(REPLICAS.length())),
                        new DeletedTopic.Replicas(ids(value.substring(0, slash)), ids(value.substring(slash + 1))));
            } else if (name.startsWith(LOG)) {
                int space = value.indexOf(' ');
                logs.put(
                        Integer.parseInt(name.substring(LOG.length())),
                        new Offsets(
                                Long.parseLong(value.substring(0, space)), Long.parseLong(value.substring(space + 1))));
            }
        }
        if (!required(properties, "version").equals("1")) {
            throw new IllegalArgumentException("its version is not 1");
        }
        int partitions = Integer.parseInt(required(properties, "partitions"));
        return new DeletionNote(
                new DeletedTopic(
                        required(properties, "topic"),
                        fromBase64(required(properties, "topic.id")),
                        partitions,
                        Integer.parseInt(required(properties, "leader.epoch")),
                        Long.parseLong(required(properties, "deleted.at.ms")),
                        settings,
                        Stream.of(properties.getProperty(DIRECTORIES, "").split(","))
                                .filter(id -> !id.isEmpty())
                                .map(DeletionNote::fromBase64)
                                .toList(),
                        inOrder(replicas, partitions)),
                logs);
    }

    private static List<DeletedTopic.Replicas> inOrder(Map<Integer, DeletedTopic.Replicas> replicas, int partitions) {
        if (!replicas.isEmpty() && (replicas.size() != partitions || !replicas.containsKey(partitions - 1))) {
            throw new IllegalArgumentException("it does not say the replicas of each partition");
        }
        return List.copyOf(replicas.values());
    }

    private static String ids(List<Integer> brokers) {
        return brokers.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static List<Integer> ids(String text) {
        return Stream.of(text.split(" "))
                .filter(id -> !id.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    private static String required(Properties properties, String name) {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("it does not say " + name);
        }
        return value;
    }

    private static String base64(UUID id) {
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static UUID fromBase64(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}

package io.milena.console;

import io.milena.records.Record;
import io.milena.records.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which topics hold what could not be processed, and where each record came from: by what frameworks call such topics, and by the headers that they write (Spring Kafka's DeadLetterPublishingRecoverer, Kafka Connect).
 * Decisions only.
 *
 * @param suffixes of the names of such topics
 */
record DeadLetters(List<String> suffixes) {
    private static final List<String> TOPIC_HEADERS =
            List.of("kafka_dlt-original-topic", "kafka_original-topic", "__connect.errors.topic");
    private static final String PARTITION_HEADER = "kafka_dlt-original-partition";
    private static final List<String> PREFIXES_OF_REASONS =
            List.of("kafka_dlt-", "kafka_exception-", "kafka_original-", "__connect.errors.");

    /** The name without its suffix; empty for a topic that is none. */
    Optional<String> originalName(String topic) {
        return suffixes.stream()
                .filter(suffix -> topic.endsWith(suffix) && topic.length() > suffix.length())
                .findFirst()
                .map(suffix -> topic.substring(0, topic.length() - suffix.length()));
    }

    /** The topic that the headers name; null if none does. */
    static @Nullable String originalTopic(Record record) {
        for (String name : TOPIC_HEADERS) {
            ByteBuffer value = last(record, name);
            if (value != null) {
                return StandardCharsets.UTF_8.decode(value).toString();
            }
        }
        return null;
    }

    /** The partition that the headers name; -1 if none does. */
    static int originalPartition(Record record) {
        ByteBuffer value = last(record, PARTITION_HEADER);
        return value != null && value.remaining() == Integer.BYTES ? Math.max(-1, value.getInt()) : -1;
    }

    private static @Nullable ByteBuffer last(Record record, String name) {
        ByteBuffer value = null;
        for (RecordHeader header : record.headers()) {
            if (header.key().equals(name)) {
                value = header.value() == null ? null : header.value().duplicate();
            }
        }
        return value;
    }

    /** Whether a header only says why the record is where it is: one that goes back does not take it along. */
    static boolean isReason(RecordHeader header) {
        return PREFIXES_OF_REASONS.stream().anyMatch(header.key()::startsWith);
    }
}

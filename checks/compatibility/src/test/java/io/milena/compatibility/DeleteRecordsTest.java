package io.milena.compatibility;

import static io.milena.compatibility.RawPartition.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that an administrator deletes (DeleteRecords): where the log starts then, and what those are told who ask for less. */
class DeleteRecordsTest {
    private static RawPartition filled(String policy) {
        RawPartition partition = RawPartition.create(Map.of("retention.ms", "-1", "cleanup.policy", policy));
        partition.append(MemoryRecords.withRecords(
                Compression.NONE,
                record(1, "a", "0"),
                record(1, "b", "1"),
                record(1, "c", "2"),
                record(1, "d", "3"),
                record(1, "e", "4")));
        for (int i = 5; i < 10; i++) {
            partition.append(1, "f", Integer.toString(i));
        }
        return partition;
    }

    private static void assertOutOfRange(RawPartition partition, long... offsets) {
        for (long offset : offsets) {
            FetchResponseData.PartitionData answer = partition.fetch(offset, 1 << 20);
            assertEquals(Errors.OFFSET_OUT_OF_RANGE, Errors.forCode(answer.errorCode()), "at " + offset);
            assertEquals(-1, answer.highWatermark());
            assertEquals(-1, answer.logStartOffset());
            assertEquals(0, answer.records().sizeInBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "compact,delete", ""})
    void theLogStartsWhereItIsTold(String policy) {
        try (RawPartition partition = filled(policy)) {
            assertEquals(0, partition.deleteBefore(0));
            assertEquals(3, partition.deleteBefore(3));
            assertEquals(3, partition.start());
            assertOutOfRange(partition, 0, 2, 11, -1);
            FetchResponseData.PartitionData rest = partition.fetch(3, 1 << 20);
            assertEquals(3, rest.logStartOffset());
            assertEquals(10, rest.highWatermark());
            assertEquals(
                    List.of("3:d=3", "4:e=4", "5:f=5"), partition.contents().subList(0, 3));

            assertEquals(3, partition.deleteBefore(2), "it never starts earlier");
            assertEquals(10, partition.deleteBefore(-1), "-1 is the high watermark");
            assertEquals(List.of(10L, 10L), List.of(partition.start(), partition.end()));
            assertOutOfRange(partition, 3, 9, 11);
            assertEquals(0, partition.fetch(10, 1 << 20).records().sizeInBytes());
            for (long wrong : new long[] {11, -2, Long.MAX_VALUE}) {
                assertThrows(OffsetOutOfRangeException.class, () -> partition.deleteBefore(wrong));
            }
            assertEquals(10, partition.append(1, "g", "10"));
            assertEquals(List.of("10:g=10"), partition.contents());
        }
    }

    @Test
    void whereTheTopicIsCompactedOnlyItIsRefused() {
        try (RawPartition partition = filled("compact")) {
            assertThrows(PolicyViolationException.class, () -> partition.deleteBefore(3));
            assertEquals(0, partition.start());
        }
    }

    @Test
    void aConsumerBelowTheStartGoesOnWhereItIsToldTo() {
        try (RawPartition partition = filled("delete")) {
            partition.deleteBefore(7);
            TopicPartition name = new TopicPartition(partition.topic(), 0);
            for (String reset : List.of("earliest", "latest", "none")) {
                try (KafkaConsumer<String, String> consumer =
                        BrokerUnderTest.consumer(Map.of("auto.offset.reset", reset))) {
                    consumer.assign(List.of(name));
                    consumer.seek(name, 4);
                    switch (reset) {
                        case "earliest" ->
                            assertEquals(
                                    7,
                                    BrokerUnderTest.poll(consumer, 3).getFirst().offset());
                        case "latest" -> BrokerUnderTest.poll(consumer, ignored -> consumer.position(name) == 10);
                        default ->
                            assertThrows(
                                    org.apache.kafka.clients.consumer.OffsetOutOfRangeException.class,
                                    () -> BrokerUnderTest.poll(consumer, 1));
                    }
                }
            }
        }
    }
}

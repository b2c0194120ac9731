package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log as its users see it: order, keys, offsets, replay, compression. */
class ProduceAndConsumeTest {
    @Test
    void offsetsOfAPartitionStartAtZeroAndHaveNoGaps() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.of())) {
            for (int i = 0; i < 5; i++) {
                RecordMetadata metadata =
                        producer.send(new ProducerRecord<>(topic, "v" + i)).get();
                assertEquals(i, metadata.offset());
            }
        }
    }

    @Test
    void whatIsWrittenWithAcksOneIsCountedAtOnce() {
        String topic = BrokerUnderTest.newTopic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of())) {
            for (int count = 1; count <= 5; count++) {
                BrokerUnderTest.produce(
                        List.of(new ProducerRecord<>(topic, "value")),
                        Map.of("acks", "1", "enable.idempotence", false));
                assertEquals(count, consumer.endOffsets(List.of(partition)).get(partition));
            }
        }
    }

    @Test
    void recordsWithTheSameKeyLandInOnePartitionInOrder() {
        String topic = BrokerUnderTest.newTopic(3);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            records.add(new ProducerRecord<>(topic, "user-" + i % 7, Integer.toString(i)));
        }
        BrokerUnderTest.produce(records, Map.of());

        List<ConsumerRecord<String, String>> read = readAll(topic, 3, 300);
        for (int user = 0; user < 7; user++) {
            String key = "user-" + user;
            List<ConsumerRecord<String, String>> ofKey =
                    read.stream().filter(r -> r.key().equals(key)).toList();
            assertEquals(
                    1, ofKey.stream().map(ConsumerRecord::partition).distinct().count());
            List<Integer> values =
                    ofKey.stream().map(r -> Integer.valueOf(r.value())).toList();
            assertEquals(values.stream().sorted().toList(), values);
        }
    }

    @Test
    void recordsWithoutAKeySpreadOverPartitions() {
        String topic = BrokerUnderTest.newTopic(3);
        List<ProducerRecord<String, String>> records = IntStream.range(0, 300)
                .mapToObj(i -> new ProducerRecord<String, String>(topic, "x".repeat(1000)))
                .toList();
        BrokerUnderTest.produce(records, Map.of("batch.size", 1000));
        Set<Integer> used = new HashSet<>();
        readAll(topic, 3, 300).forEach(r -> used.add(r.partition()));
        assertTrue(used.size() > 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void everyAcknowledgementLevelDelivers(String acks) {
        String topic = BrokerUnderTest.newTopic(1);
        List<ProducerRecord<String, String>> records = IntStream.range(0, 100)
                .mapToObj(i -> new ProducerRecord<String, String>(topic, Integer.toString(i)))
                .toList();
        BrokerUnderTest.produce(records, Map.of("acks", acks, "enable.idempotence", acks.equals("all")));
        assertEquals(
                IntStream.range(0, 100).mapToObj(Integer::toString).toList(),
                readAll(topic, 1, 100).stream().map(ConsumerRecord::value).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void everyCompressionCodecArrivesAsItWasSent(String codec) {
        String topic = BrokerUnderTest.newTopic(1);
        List<ProducerRecord<String, String>> records = IntStream.range(0, 500)
                .mapToObj(i -> new ProducerRecord<String, String>(topic, "k" + i, "value ".repeat(20) + i))
                .toList();
        BrokerUnderTest.produce(records, Map.of("compression.type", codec, "linger.ms", 50));
        assertEquals(
                records.stream().map(ProducerRecord::value).toList(),
                readAll(topic, 1, 500).stream().map(ConsumerRecord::value).toList());
    }

    @Test
    void headersTimestampsAndNullsArriveAsTheyWereSent() {
        String topic = BrokerUnderTest.newTopic(1, Map.of("retention.ms", "-1"));
        ProducerRecord<String, String> sent =
                new ProducerRecord<>(topic, 0, 1234567890123L, (String) null, (String) null);
        sent.headers().add(new RecordHeader("trace", "abc".getBytes(StandardCharsets.UTF_8)));
        BrokerUnderTest.produce(List.of(sent), Map.of());

        ConsumerRecord<String, String> read = readAll(topic, 1, 1).getFirst();
        assertEquals(1234567890123L, read.timestamp());
        assertEquals("abc", new String(read.headers().lastHeader("trace").value(), StandardCharsets.UTF_8));
        assertEquals(null, read.key());
        assertEquals(null, read.value());
    }

    @Test
    void recordsCanBeReadAgainAndFromATimestamp() {
        String topic = BrokerUnderTest.newTopic(1, Map.of("retention.ms", "-1"));
        List<ProducerRecord<String, String>> records = IntStream.range(0, 50)
                .mapToObj(i -> new ProducerRecord<String, String>(topic, 0, 1000L + i, null, Integer.toString(i)))
                .toList();
        BrokerUnderTest.produce(records, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            BrokerUnderTest.poll(consumer, 50);
            consumer.seekToBeginning(List.of(partition));
            assertEquals("0", BrokerUnderTest.poll(consumer, 50).getFirst().value());

            OffsetAndTimestamp found =
                    consumer.offsetsForTimes(Map.of(partition, 1030L)).get(partition);
            assertNotNull(found);
            assertEquals(30, found.offset());
            assertEquals(1030, found.timestamp());
            assertEquals(
                    null, consumer.offsetsForTimes(Map.of(partition, 5000L)).get(partition));
            assertEquals(0L, consumer.beginningOffsets(List.of(partition)).get(partition));
            assertEquals(50L, consumer.endOffsets(List.of(partition)).get(partition));
        }
    }

    @Test
    void aPositionBeyondTheEndIsOutOfRange() {
        String topic = BrokerUnderTest.newTopic(1);
        BrokerUnderTest.produce(topic, null, 3);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of("auto.offset.reset", "none"))) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 100);
            assertThrows(OffsetOutOfRangeException.class, () -> BrokerUnderTest.poll(consumer, 1));
        }
    }

    @Test
    void aRecordLargerThanTheTopicAllowsIsRefusedAndTheNextOneIsNot() throws Exception {
        String topic = BrokerUnderTest.newTopic(1, Map.of("max.message.bytes", "1000"));
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.of())) {
            ExecutionException refused = assertThrows(
                    ExecutionException.class,
                    () -> producer.send(new ProducerRecord<>(topic, "x".repeat(5000)))
                            .get());
            assertInstanceOf(RecordTooLargeException.class, refused.getCause());
            assertEquals(
                    0, producer.send(new ProducerRecord<>(topic, "small")).get().offset());
        }
    }

    @Test
    void theBrokerStampsTheTimeWhereTheTopicSaysSo() throws Exception {
        String topic = BrokerUnderTest.newTopic(1, Map.of("message.timestamp.type", "LogAppendTime"));
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.of())) {
            RecordMetadata metadata = producer.send(new ProducerRecord<String, String>(topic, 0, 1000L, null, "v"))
                    .get();
            assertTrue(metadata.timestamp() > 1_000_000_000_000L);
            assertEquals(metadata.timestamp(), readAll(topic, 1, 1).getFirst().timestamp());
        }
    }

    private static List<ConsumerRecord<String, String>> readAll(String topic, int partitions, int count) {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of())) {
            consumer.assign(IntStream.range(0, partitions)
                    .mapToObj(i -> new TopicPartition(topic, i))
                    .toList());
            List<ConsumerRecord<String, String>> records = BrokerUnderTest.poll(consumer, count);
            assertEquals(count, records.size());
            return records;
        }
    }
}

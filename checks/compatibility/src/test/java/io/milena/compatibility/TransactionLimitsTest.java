package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What transactions do not promise, here as in Apache Kafka; whoever relies on more finds out by these tests, and not by lost orders. */
class TransactionLimitsTest {
    private static KafkaProducer<String, String> producer() {
        KafkaProducer<String, String> producer =
                BrokerUnderTest.producer(Map.of("transactional.id", BrokerUnderTest.freshName("id")));
        producer.initTransactions();
        return producer;
    }

    private static KafkaProducer<String, String> begun() {
        KafkaProducer<String, String> producer = producer();
        producer.beginTransaction();
        return producer;
    }

    private static void send(KafkaProducer<String, String> producer, String topic, int partition, String value) {
        var _ = producer.send(new ProducerRecord<>(topic, partition, null, value));
        producer.flush();
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private static KafkaConsumer<String, String> reader(String isolation, List<TopicPartition> partitions) {
        KafkaConsumer<String, String> reader = BrokerUnderTest.consumer(Map.of("isolation.level", isolation));
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        return reader;
    }

    private static List<String> values(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).toList();
    }

    @Test
    void whoReadsWhatIsNotCommittedSeesWhatIsAbortedLater() {
        String topic = BrokerUnderTest.newTopic(1);
        try (KafkaProducer<String, String> producer = begun();
                KafkaConsumer<String, String> reader = reader("read_uncommitted", partitions(topic, 1))) {
            send(producer, topic, 0, "aborted");
            assertEquals(List.of("aborted"), values(BrokerUnderTest.poll(reader, 1)));
            producer.abortTransaction();
        }
    }

    /** Adya's G0: each of them is before the other somewhere. */
    @Test
    void twoTransactionsMayStandInDifferentOrdersInTwoPartitions() {
        String topic = BrokerUnderTest.newTopic(2);
        try (KafkaProducer<String, String> one = begun();
                KafkaProducer<String, String> other = begun()) {
            send(one, topic, 0, "one");
            send(other, topic, 0, "other");
            send(other, topic, 1, "other");
            send(one, topic, 1, "one");
            one.commitTransaction();
            other.commitTransaction();
        }
        assertEquals(List.of("one", "other"), ReadCommitted.values(topic, 0, 2));
        assertEquals(List.of("other", "one"), ReadCommitted.values(topic, 1, 2));
    }

    @Test
    void recordsAreDeletedFromEachPartitionByItself() throws Exception {
        String topic = BrokerUnderTest.newTopic(2);
        try (KafkaProducer<String, String> producer = begun();
                Admin admin = BrokerUnderTest.admin()) {
            send(producer, topic, 0, "gone");
            send(producer, topic, 1, "here");
            producer.commitTransaction();
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
        }
        try (KafkaConsumer<String, String> reader = reader("read_committed", partitions(topic, 2))) {
            assertEquals(List.of("here"), values(BrokerUnderTest.poll(reader, 1)));
            BrokerUnderTest.await("the ends are reached", () -> {
                assertEquals(0, reader.poll(Duration.ofMillis(100)).count());
                return reader.endOffsets(reader.assignment()).equals(positions(reader));
            });
        }
    }

    private static Map<TopicPartition, Long> positions(KafkaConsumer<String, String> reader) {
        return reader.assignment().stream().collect(Collectors.toMap(each -> each, reader::position));
    }

    /** Each end of a transaction takes an offset in each of its partitions. */
    @Test
    void offsetsOfRecordsHaveGaps() {
        String topic = BrokerUnderTest.newTopic(1);
        try (KafkaProducer<String, String> producer = producer()) {
            for (String value : List.of("first", "second")) {
                producer.beginTransaction();
                send(producer, topic, 0, value);
                producer.commitTransaction();
            }
        }
        assertEquals(
                List.of(0L, 2L),
                ReadCommitted.records(topic, 0, 2).stream()
                        .map(ConsumerRecord::offset)
                        .toList());
    }

    /** So whoever aborts has to seek back to what is committed, or to begin with a new consumer. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aConsumerDoesNotGoBackWhenATransactionIsAborted(String protocol) {
        String input = BrokerUnderTest.newTopic(1);
        TopicPartition partition = new TopicPartition(input, 0);
        BrokerUnderTest.produce(input, "k", 2);
        try (KafkaProducer<String, String> producer = begun();
                KafkaConsumer<String, String> consumer =
                        ReadCommitted.member(protocol, BrokerUnderTest.freshName("group"))) {
            consumer.subscribe(List.of(input));
            BrokerUnderTest.poll(consumer, 2);
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(2)), consumer.groupMetadata());
            producer.abortTransaction();
            assertEquals(0, consumer.poll(Duration.ofMillis(500)).count());
            assertEquals(2, consumer.position(partition));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void whoNamesTheGroupAloneIsNotFencedThoughThePartitionIsSomebodyElses(String protocol) {
        String group = BrokerUnderTest.freshName("group");
        String input = BrokerUnderTest.newTopic(1);
        TopicPartition partition = new TopicPartition(input, 0);
        try (KafkaProducer<String, String> producer = begun();
                KafkaConsumer<String, String> owner = ReadCommitted.member(protocol, group);
                KafkaConsumer<String, String> stranger = ReadCommitted.member(protocol, group)) {
            owner.subscribe(List.of(input));
            BrokerUnderTest.await("the partition to be somebody's", () -> {
                owner.poll(Duration.ofMillis(50));
                return owner.assignment().equals(Set.of(partition));
            });
            owner.position(partition); // so that none of its questions is on its way, whose answer it would take
            // When somebody commits who is no member and says nothing of one
            assertEquals("", stranger.groupMetadata().memberId());
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), stranger.groupMetadata());
            producer.commitTransaction();
            assertEquals(7, owner.committed(Set.of(partition)).get(partition).offset());
        }
    }
}

package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offsets that today's Java client commits in transactions, for members of groups of both protocols: who is a member no more, or not in this round any more, commits nothing. */
class OffsetsInTransactionsTest {
    private final String group = BrokerUnderTest.freshName("group");

    private static KafkaProducer<String, String> producer() {
        KafkaProducer<String, String> producer = BrokerUnderTest.producer(
                Map.of("transactional.id", BrokerUnderTest.freshName("id"), "max.block.ms", 20_000));
        producer.initTransactions();
        return producer;
    }

    private KafkaConsumer<String, String> member(String protocol) {
        return ReadCommitted.member(protocol, group);
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String value) {
        var _ = producer.send(new ProducerRecord<>(topic, 0, null, value));
    }

    /** What is committed, also where a transaction may be about to change it. */
    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        try (Admin admin = BrokerUnderTest.admin()) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(each -> each.getValue() != null)
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            each -> new OffsetAndMetadata(
                                    each.getValue().offset(), each.getValue().metadata())));
        } catch (Exception e) {
            throw new AssertionError("no offsets of " + group, e);
        }
    }

    /** A moment later if need be: Apache Kafka answers a commit before its markers are written. */
    private void awaitOffsets(Map<TopicPartition, OffsetAndMetadata> expected) {
        BrokerUnderTest.await("the offsets " + expected, () -> offsets().equals(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void offsetsAreCommittedWithTheRecordsOrNotAtAll(String protocol) {
        String input = BrokerUnderTest.newTopic(1);
        String output = BrokerUnderTest.newTopic(1);
        BrokerUnderTest.produce(input, "k", 20);
        TopicPartition partition = new TopicPartition(input, 0);
        try (KafkaProducer<String, String> producer = producer();
                KafkaConsumer<String, String> consumer = member(protocol)) {
            consumer.subscribe(List.of(input));
            BrokerUnderTest.poll(consumer, 20);
            ConsumerGroupMetadata member = consumer.groupMetadata();

            producer.beginTransaction();
            send(producer, output, "aborted");
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(20)), member);
            producer.abortTransaction();
            assertEquals(Map.of(), offsets());

            producer.beginTransaction();
            send(producer, output, "committed");
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(12, "with text")), member);
            assertEquals(Map.of(), offsets());
            producer.commitTransaction();
            awaitOffsets(Map.of(partition, new OffsetAndMetadata(12, "with text")));
        }
        assertEquals(List.of("committed"), ReadCommitted.values(output, 0, 1));
        try (KafkaConsumer<String, String> next = member(protocol)) {
            next.subscribe(List.of(input));
            assertEquals(12, BrokerUnderTest.poll(next, 8).getFirst().offset());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aConsumerWaitsForAnOffsetThatATransactionIsAboutToCommit(String protocol) {
        String input = BrokerUnderTest.newTopic(1);
        TopicPartition partition = new TopicPartition(input, 0);
        try (KafkaProducer<String, String> producer = producer();
                KafkaConsumer<String, String> consumer = member(protocol)) {
            consumer.subscribe(List.of(input));
            BrokerUnderTest.settle(() -> consumer.assignment().size() == 1, consumer);
            consumer.position(partition); // so that none of its questions is on its way, whose answer it would take
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), consumer.groupMetadata());
            assertThrows(TimeoutException.class, () -> consumer.committed(Set.of(partition), Duration.ofSeconds(1)));
            producer.commitTransaction();
            assertEquals(7, consumer.committed(Set.of(partition)).get(partition).offset());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void whoHasLeftTheGroupCommitsNothing(String protocol) {
        String input = BrokerUnderTest.newTopic(1);
        TopicPartition partition = new TopicPartition(input, 0);
        try (KafkaProducer<String, String> producer = producer();
                KafkaConsumer<String, String> heir = member(protocol)) {
            ConsumerGroupMetadata former;
            try (KafkaConsumer<String, String> consumer = member(protocol)) {
                consumer.subscribe(List.of(input));
                BrokerUnderTest.settle(() -> consumer.assignment().size() == 1, consumer);
                former = consumer.groupMetadata();
            }
            heir.subscribe(List.of(input));
            BrokerUnderTest.settle(() -> heir.assignment().size() == 1, heir);
            refuse(producer, partition, former);
            commit(producer, partition, heir.groupMetadata());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void whoHasLostAPartitionSinceItsEpochCommitsNothingForIt(String protocol) {
        String input = BrokerUnderTest.newTopic(2);
        try (KafkaProducer<String, String> producer = producer();
                KafkaConsumer<String, String> consumer = member(protocol);
                KafkaConsumer<String, String> second = member(protocol)) {
            ConsumerGroupMetadata before = share(input, consumer, second);
            TopicPartition lost = second.assignment().iterator().next();
            refuse(producer, lost, before);
            commit(producer, lost, second.groupMetadata());
        }
    }

    /** Of what a member has kept since, the new protocol takes offsets in an earlier epoch too (KIP-1251): a member need not begin anew because others come and go. */
    @ParameterizedTest
    @ValueSource(strings = "consumer")
    void whoHasKeptAPartitionCommitsForItInAnEarlierEpoch(String protocol) {
        String input = BrokerUnderTest.newTopic(2);
        try (KafkaProducer<String, String> producer = producer();
                KafkaConsumer<String, String> consumer = member(protocol);
                KafkaConsumer<String, String> second = member(protocol)) {
            ConsumerGroupMetadata before = share(input, consumer, second);
            commit(producer, consumer.assignment().iterator().next(), before);
        }
    }

    /** Two members share the two partitions that the first one has alone at the begin; who that one was then is returned. */
    private static ConsumerGroupMetadata share(
            String input, KafkaConsumer<String, String> consumer, KafkaConsumer<String, String> second) {
        consumer.subscribe(List.of(input));
        BrokerUnderTest.settle(() -> consumer.assignment().size() == 2, consumer);
        ConsumerGroupMetadata before = consumer.groupMetadata();
        second.subscribe(List.of(input));
        BrokerUnderTest.settle(
                () -> consumer.assignment().size() == 1 && second.assignment().size() == 1, consumer, second);
        return before;
    }

    private void refuse(KafkaProducer<String, String> producer, TopicPartition partition, ConsumerGroupMetadata who) {
        producer.beginTransaction();
        assertThrows(
                CommitFailedException.class,
                () -> producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(1)), who));
        producer.abortTransaction();
        assertEquals(Map.of(), offsets());
    }

    private void commit(KafkaProducer<String, String> producer, TopicPartition partition, ConsumerGroupMetadata who) {
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(2)), who);
        producer.commitTransaction();
        awaitOffsets(Map.of(partition, new OffsetAndMetadata(2)));
    }
}

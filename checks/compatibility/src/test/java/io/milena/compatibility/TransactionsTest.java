package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.junit.jupiter.api.Test;

/** Transactions as today's Java client has them: all or nothing, for readers of committed data; fencing, time-outs, and what administrators see and do. */
class TransactionsTest {
    private final String id = BrokerUnderTest.freshName("transactional-id");

    private KafkaProducer<String, String> producer(int timeoutMs) {
        KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.of(
                "transactional.id", id,
                "transaction.timeout.ms", timeoutMs,
                "max.block.ms", 20_000));
        producer.initTransactions();
        return producer;
    }

    private KafkaProducer<String, String> producer() {
        return producer(60_000);
    }

    private static void send(KafkaProducer<String, String> producer, String topic, int partition, String... values) {
        for (String value : values) {
            var _ = producer.send(new ProducerRecord<>(topic, partition, null, value));
        }
        producer.flush();
    }

    private static KafkaConsumer<String, String> reader(String topic, int partitions) {
        KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of("isolation.level", "read_committed"));
        consumer.assign(IntStream.range(0, partitions)
                .mapToObj(i -> new TopicPartition(topic, i))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
        return consumer;
    }

    /** All that readers of committed data see, sorted; a last record that is not part of a transaction says that nothing is missing. */
    private static List<String> committed(String topic, int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            String end = "end-" + partition;
            int number = partition;
            BrokerUnderTest.produce(List.of(new ProducerRecord<>(topic, number, null, end)), Map.of());
        }
        try (KafkaConsumer<String, String> consumer = reader(topic, partitions)) {
            return BrokerUnderTest.poll(
                            consumer,
                            records -> records.stream()
                                            .filter(each -> each.value().startsWith("end-"))
                                            .map(ConsumerRecord::value)
                                            .distinct()
                                            .count()
                                    == partitions)
                    .stream()
                    .map(ConsumerRecord::value)
                    .filter(value -> !value.startsWith("end-"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatIsCommittedIsSeenAndWhatIsAbortedIsNot() {
        String topic = BrokerUnderTest.newTopic(2);
        try (KafkaProducer<String, String> producer = producer()) {
            producer.beginTransaction();
            send(producer, topic, 0, "a");
            send(producer, topic, 1, "b");
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, topic, 0, "no");
            send(producer, topic, 1, "nor this");
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, topic, 1, "c");
            producer.commitTransaction();
        }
        assertEquals(List.of("a", "b", "c"), committed(topic, 2));
    }

    @Test
    void manyTransactionsOneAfterTheOther() {
        String topic = BrokerUnderTest.newTopic(3);
        try (KafkaProducer<String, String> producer = producer()) {
            for (int i = 0; i < 100; i++) {
                producer.beginTransaction();
                for (int partition = 0; partition < 3; partition++) {
                    var _ = producer.send(new ProducerRecord<>(topic, partition, null, i + "-" + partition));
                }
                producer.flush(); // or the end may overtake the records, see EarlyEndTest
                if (i % 3 == 0) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        List<String> expected = IntStream.range(0, 100)
                .filter(i -> i % 3 != 0)
                .boxed()
                .flatMap(i -> Stream.of(i + "-0", i + "-1", i + "-2"))
                .sorted()
                .toList();
        assertEquals(expected, committed(topic, 3));
    }

    @Test
    void anOpenTransactionHoldsBackWhatFollowsItUntilItEnds() {
        String topic = BrokerUnderTest.newTopic(1);
        try (KafkaProducer<String, String> producer = producer();
                KafkaConsumer<String, String> consumer = reader(topic, 1)) {
            producer.beginTransaction();
            send(producer, topic, 0, "first");
            BrokerUnderTest.produce(List.of(new ProducerRecord<>(topic, 0, null, "second")), Map.of());
            assertTrue(consumer.poll(Duration.ofMillis(500)).isEmpty());
            assertEquals(
                    0L,
                    consumer.endOffsets(consumer.assignment())
                            .values()
                            .iterator()
                            .next());

            producer.commitTransaction();

            assertEquals(
                    List.of("first", "second"),
                    BrokerUnderTest.poll(consumer, 2).stream()
                            .map(ConsumerRecord::value)
                            .toList());
        }
    }

    @Test
    void aTransactionWithoutRecordsIsNoTransaction() {
        try (KafkaProducer<String, String> producer = producer()) {
            producer.beginTransaction();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.abortTransaction();
        }
    }

    @Test
    void aSuccessorFencesItsPredecessorAndAbortsWhatThatHasOpen() {
        String topic = BrokerUnderTest.newTopic(1);
        try (KafkaProducer<String, String> zombie = producer()) {
            zombie.beginTransaction();
            send(zombie, topic, 0, "of the zombie");
            try (KafkaProducer<String, String> successor = producer()) {
                successor.beginTransaction();
                send(successor, topic, 0, "of the successor");

                assertThrows(ProducerFencedException.class, zombie::commitTransaction);

                successor.commitTransaction();
            }
        }
        assertEquals(List.of("of the successor"), committed(topic, 1));
    }

    @Test
    void aZombieCannotWriteAnyMore() {
        String topic = BrokerUnderTest.newTopic(1);
        try (KafkaProducer<String, String> zombie = producer()) {
            zombie.beginTransaction();
            send(zombie, topic, 0, "first");
            producer().close();
            ExecutionException refused = assertThrows(
                    ExecutionException.class,
                    () -> zombie.send(new ProducerRecord<>(topic, 0, null, "second"))
                            .get());
            assertTrue(isFencing(refused.getCause()), () -> "" + refused.getCause());
        }
        assertEquals(List.of(), committed(topic, 1));
    }

    private static boolean isFencing(Throwable error) {
        return error instanceof InvalidProducerEpochException || error instanceof ProducerFencedException;
    }

    @Test
    void aTransactionThatNobodyEndsIsAborted() {
        String topic = BrokerUnderTest.newTopic(1);
        try (KafkaProducer<String, String> producer = producer(1_000);
                KafkaConsumer<String, String> consumer = reader(topic, 1)) {
            producer.beginTransaction();
            send(producer, topic, 0, "too slow");
            BrokerUnderTest.produce(List.of(new ProducerRecord<>(topic, 0, null, "behind it")), Map.of());
            assertEquals(
                    List.of("behind it"),
                    BrokerUnderTest.poll(consumer, 1).stream()
                            .map(ConsumerRecord::value)
                            .toList());
            assertThrows(KafkaException.class, producer::commitTransaction);
        }
        try (KafkaProducer<String, String> again = producer()) {
            again.beginTransaction();
            send(again, topic, 0, "in time");
            again.commitTransaction();
        }
        assertEquals(List.of("behind it", "in time"), committed(topic, 1));
    }

    @Test
    void administratorsSeeTransactions() throws Exception {
        String topic = BrokerUnderTest.newTopic(2);
        try (Admin admin = BrokerUnderTest.admin();
                KafkaProducer<String, String> producer = producer(30_000)) {
            assertEquals(TransactionState.EMPTY, describe(admin).state());
            producer.beginTransaction();
            send(producer, topic, 1, "a");

            TransactionDescription open = describe(admin);
            assertEquals(TransactionState.ONGOING, open.state());
            assertEquals(Set.of(new TopicPartition(topic, 1)), open.topicPartitions());
            assertEquals(30_000, open.transactionTimeoutMs());
            assertTrue(open.transactionStartTimeMs().isPresent());
            Collection<TransactionListing> all = admin.listTransactions().all().get();
            TransactionListing mine = all.stream()
                    .filter(each -> each.transactionalId().equals(id))
                    .findFirst()
                    .orElseThrow();
            assertEquals(TransactionState.ONGOING, mine.state());
            assertEquals(open.producerId(), mine.producerId());

            producer.commitTransaction();
            assertTrue(describe(admin).topicPartitions().isEmpty());
            ExecutionException unknown = assertThrows(
                    ExecutionException.class,
                    () -> admin.describeTransactions(List.of("nobody-" + id))
                            .all()
                            .get());
            assertInstanceOf(TransactionalIdNotFoundException.class, unknown.getCause());
        }
    }

    private TransactionDescription describe(Admin admin) throws Exception {
        return admin.describeTransactions(List.of(id)).description(id).get();
    }

    @Test
    void anAdministratorAbortsWhatHangs() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = BrokerUnderTest.admin();
                KafkaProducer<String, String> producer = producer()) {
            producer.beginTransaction();
            send(producer, topic, 0, "hangs");
            ProducerState open =
                    admin
                            .describeProducers(List.of(partition))
                            .partitionResult(partition)
                            .get()
                            .activeProducers()
                            .stream()
                            .filter(each -> each.currentTransactionStartOffset().isPresent())
                            .findFirst()
                            .orElseThrow();
            admin.abortTransaction(new AbortTransactionSpec(
                            partition,
                            open.producerId(),
                            (short) open.producerEpoch(),
                            open.coordinatorEpoch().orElse(0)))
                    .all()
                    .get();
            BrokerUnderTest.produce(List.of(new ProducerRecord<>(topic, 0, null, "behind it")), Map.of());
            try (KafkaConsumer<String, String> consumer = reader(topic, 1)) {
                assertEquals(
                        List.of("behind it"),
                        BrokerUnderTest.poll(consumer, 1).stream()
                                .map(ConsumerRecord::value)
                                .toList());
            }
        }
    }

    @Test
    void anAdministratorFencesAProducer() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        try (Admin admin = BrokerUnderTest.admin();
                KafkaProducer<String, String> producer = producer()) {
            producer.beginTransaction();
            send(producer, topic, 0, "fenced");
            admin.fenceProducers(List.of(id)).all().get();
            assertThrows(KafkaException.class, producer::commitTransaction);
        }
        assertEquals(List.of(), committed(topic, 1));
    }
}

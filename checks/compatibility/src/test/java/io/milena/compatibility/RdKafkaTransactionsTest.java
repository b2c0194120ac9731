package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Transactions of librdkafka, which speaks older versions of their APIs than the Java client; what it writes is read by the Java client. */
class RdKafkaTransactionsTest {
    private final String id = BrokerUnderTest.freshName("transactional-id");

    private RdKafkaProducer producer(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("bootstrap.servers", BrokerUnderTest.address());
        all.put("transactional.id", id);
        all.put("log_level", "2"); // what goes wrong is told by the calls
        RdKafkaProducer producer = new RdKafkaProducer(all);
        assertNull(producer.init());
        return producer;
    }

    private RdKafkaProducer producer() {
        return producer(Map.of());
    }

    /** What readers of committed data see, sorted, until the end that an admin sees. */
    private static List<String> committed(String topic, int partitions) {
        try (KafkaConsumer<String, String> consumer =
                BrokerUnderTest.consumer(Map.of("isolation.level", "read_committed"))) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(i -> new TopicPartition(topic, i))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(all));
            List<String> values = new ArrayList<>();
            BrokerUnderTest.poll(
                            consumer,
                            records -> all.stream().allMatch(each -> consumer.position(each) >= ends.get(each)))
                    .stream()
                    .map(ConsumerRecord::value)
                    .sorted()
                    .forEach(values::add);
            return values;
        }
    }

    @Test
    void whatIsCommittedIsSeenAndWhatIsAbortedIsNot() {
        String topic = BrokerUnderTest.newTopic(2);
        try (RdKafkaProducer producer = producer()) {
            assertNull(producer.begin());
            producer.send(topic, 0, "a");
            producer.send(topic, 1, "b");
            assertNull(producer.commit());
            assertNull(producer.begin());
            producer.send(topic, 0, "no");
            producer.send(topic, 1, "nor this");
            assertEquals(0, producer.flush());
            assertNull(producer.abort());
            assertNull(producer.begin());
            producer.send(topic, 1, "c");
            assertNull(producer.commit());
        }
        assertEquals(List.of("a", "b", "c"), committed(topic, 2));
    }

    @Test
    void manyTransactionsOneAfterTheOther() {
        String topic = BrokerUnderTest.newTopic(3);
        List<String> expected = new ArrayList<>();
        try (RdKafkaProducer producer = producer()) {
            for (int i = 0; i < 30; i++) {
                assertNull(producer.begin());
                for (int partition = 0; partition < 3; partition++) {
                    producer.send(topic, partition, i + "-" + partition);
                }
                if (i % 3 == 0) {
                    assertEquals(0, producer.flush());
                    assertNull(producer.abort());
                } else {
                    assertNull(producer.commit());
                    expected.addAll(List.of(i + "-0", i + "-1", i + "-2"));
                }
            }
        }
        assertEquals(expected.stream().sorted().toList(), committed(topic, 3));
    }

    @Test
    void offsetsAreCommittedWithTheRecordsOrNotAtAll() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        String group = BrokerUnderTest.freshName("group");
        TopicPartition input = new TopicPartition(BrokerUnderTest.newTopic(1), 0);
        try (RdKafkaProducer producer = producer()) {
            assertNull(producer.begin());
            producer.send(topic, 0, "one");
            assertNull(producer.sendOffset(group, input, 1));
            assertNull(producer.commit());
            assertEquals(1, committedOffset(group, input));

            assertNull(producer.begin());
            producer.send(topic, 0, "two, the first time");
            assertNull(producer.sendOffset(group, input, 2));
            assertNull(producer.abort());
            assertEquals(1, committedOffset(group, input));

            assertNull(producer.begin());
            producer.send(topic, 0, "two");
            assertNull(producer.sendOffset(group, input, 2));
            assertNull(producer.commit());
            assertEquals(2, committedOffset(group, input));
        }
        assertEquals(List.of("one", "two"), committed(topic, 1));
    }

    private static long committedOffset(String group, TopicPartition partition)
            throws ExecutionException, InterruptedException {
        try (Admin admin = BrokerUnderTest.admin()) {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(
                            Map.of(group, new ListConsumerGroupOffsetsSpec()),
                            new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata(group)
                    .get()
                    .get(partition);
            return assertNotNullOffset(offset).offset();
        }
    }

    private static OffsetAndMetadata assertNotNullOffset(OffsetAndMetadata offset) {
        assertNotNull(offset, "nothing is committed");
        return offset;
    }

    @Test
    void aSuccessorFencesItsPredecessorAndAbortsWhatThatHasOpen() {
        String topic = BrokerUnderTest.newTopic(1);
        try (RdKafkaProducer zombie = producer()) {
            assertNull(zombie.begin());
            zombie.send(topic, 0, "of the zombie");
            assertEquals(0, zombie.flush());
            try (RdKafkaProducer successor = producer()) {
                assertNull(successor.begin());
                successor.send(topic, 0, "of the successor");
                assertNull(successor.commit());

                RdKafkaProducer.Failure failure = zombie.commit();
                assertNotNull(failure);
                assertEquals(RdKafkaProducer.FENCED, failure.code(), failure.text());
                assertTrue(failure.isFatal(), failure.text());
            }
        }
        assertEquals(List.of("of the successor"), committed(topic, 1));
    }

    @Test
    void theJavaClientFencesItToo() {
        String topic = BrokerUnderTest.newTopic(1);
        try (RdKafkaProducer zombie = producer()) {
            assertNull(zombie.begin());
            zombie.send(topic, 0, "of the zombie");
            assertEquals(0, zombie.flush());
            try (var successor = BrokerUnderTest.producer(Map.of("transactional.id", id))) {
                successor.initTransactions();
            }
            RdKafkaProducer.Failure failure = zombie.commit();
            assertNotNull(failure);
            assertTrue(failure.isFatal(), failure.text());
        }
        assertEquals(List.of(), committed(topic, 1));
    }

    @Test
    void aTransactionThatTakesTooLongIsAborted() {
        String topic = BrokerUnderTest.newTopic(1);
        try (RdKafkaProducer slow = producer(Map.of("transaction.timeout.ms", "1000"))) {
            assertNull(slow.begin());
            slow.send(topic, 0, "too late");
            assertEquals(0, slow.flush());
            TopicPartition partition = new TopicPartition(topic, 0);
            try (KafkaConsumer<String, String> all = BrokerUnderTest.consumer(Map.of());
                    KafkaConsumer<String, String> committed =
                            BrokerUnderTest.consumer(Map.of("isolation.level", "read_committed"))) {
                BrokerUnderTest.await(
                        "the transaction is ended",
                        () -> committed.endOffsets(List.of(partition)).get(partition) > 1);
                assertEquals(2L, all.endOffsets(List.of(partition)).get(partition));
            }
            RdKafkaProducer.Failure failure = slow.commit();
            assertNotNull(failure);
        }
        assertEquals(List.of(), committed(topic, 1));
    }
}

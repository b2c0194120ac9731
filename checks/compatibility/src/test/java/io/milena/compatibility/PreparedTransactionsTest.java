package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.embedded.Milena;
import io.milena.embedded.MilenaCluster;
import io.milena.embedded.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A coordinator that is killed at each state of a transaction. While its link to the leader of a partition is cut, no marker reaches that partition: what is decided stays prepared, for as long as the test wants. Which state is
 * durable is read from {@code __transaction_state}, as far as its high watermark.
 */
@Timeout(180)
class PreparedTransactionsTest {
    private static final String TOPIC = "out";
    private static final String STATES = "__transaction_state";
    /** Of Kafka's {@code TransactionLogValue}, version 0 and 1: behind version, producer id, epoch and timeout. */
    private static final int STATUS_AT = 2 + 8 + 2 + 4;

    private static final int EMPTY = 0;
    private static final int ONGOING = 1;
    private static final int PREPARE_COMMIT = 2;
    private static final int PREPARE_ABORT = 3;
    private static final int COMPLETE_COMMIT = 4;
    private static final int COMPLETE_ABORT = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Of transactions; longer than any of them takes here. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final VirtualTime time = VirtualTime.running();
    private MilenaCluster cluster;
    private Admin admin;
    private int coordinator;
    /** Another broker that is not the active controller, and leads a partition of the topic. */
    private int other;

    private String id;

    @BeforeEach
    void start() throws Exception {
        cluster = Milena.configure()
                .time(time)
                .set("replica.lag.time.max.ms", "1000")
                .set("transaction.state.log.num.partitions", "10")
                .cluster(3);
        admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
        admin.createTopics(List.of(
                        new NewTopic(TOPIC, Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)))))
                .all()
                .get();
        producer("first").close(); // so that the topic of the coordinators is there
        int controller = cluster.controller().orElseThrow();
        List<Integer> others = cluster.brokers().stream()
                .filter(broker -> broker != controller)
                .toList();
        coordinator = others.getFirst();
        other = others.getLast();
        List<TopicPartitionInfo> partitions = partitions(STATES);
        id = IntStream.range(0, 1_000)
                .mapToObj(number -> "id-" + number)
                .filter(each -> partitions
                                .get(statePartition(each, partitions.size()))
                                .leader()
                                .id()
                        == coordinator)
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void stop() {
        admin.close();
        cluster.close();
    }

    private static int statePartition(String transactionalId, int partitions) {
        return (transactionalId.hashCode() & Integer.MAX_VALUE) % partitions;
    }

    private List<TopicPartitionInfo> partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions();
    }

    private KafkaProducer<String, String> producer(String transactionalId) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "transactional.id",
                        transactionalId,
                        "max.block.ms",
                        PATIENCE.toMillis(),
                        "transaction.timeout.ms",
                        Math.toIntExact(TIMEOUT.toMillis())),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    /** One record for each partition, all acknowledged. */
    private static void write(KafkaProducer<String, String> producer, String value) {
        producer.beginTransaction();
        send(producer, value);
    }

    private static void send(KafkaProducer<String, String> producer, String value) {
        for (int partition = 0; partition < 3; partition++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, partition, null, value));
        }
        producer.flush();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not in time: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /** The last that a majority of the brokers has written down of the transaction, or -1. */
    private int durableStatus() throws Exception {
        TopicPartition partition =
                new TopicPartition(STATES, statePartition(id, partitions(STATES).size()));
        int status = -1;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(100))) {
                    if (each.value() != null && isOf(each.key())) {
                        status = each.value()[STATUS_AT];
                    }
                }
            }
        }
        return status;
    }

    /** Behind version and length. */
    private boolean isOf(byte[] key) {
        return new String(key, 4, key.length - 4, StandardCharsets.UTF_8).equals(id);
    }

    /** What readers of committed data see, when nothing is open any more. */
    private List<String> seen() throws Exception {
        List<TopicPartition> all = IntStream.range(0, 3)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList();
        List<String> seen = new ArrayList<>();
        try (KafkaConsumer<String, String> committed = consumer("read_committed");
                KafkaConsumer<String, String> everything = consumer("read_uncommitted")) {
            await("no transaction is open", () -> committed.endOffsets(all).equals(everything.endOffsets(all)));
            committed.assign(all);
            committed.seekToBeginning(all);
            Map<TopicPartition, Long> ends = committed.endOffsets(all);
            while (all.stream().anyMatch(each -> committed.position(each) < ends.get(each))) {
                committed.poll(Duration.ofMillis(100)).forEach(each -> seen.add(each.value()));
            }
        }
        Collections.sort(seen);
        return seen;
    }

    private KafkaConsumer<String, String> consumer(String isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "isolation.level", isolation),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /** Decides, with a partition that no marker reaches; kills the coordinator when the decision is durable. */
    private void endWithoutMarkers(KafkaProducer<String, String> producer, Runnable ending, int prepared)
            throws Exception {
        write(producer, "first");
        cluster.cut(coordinator, other);
        CompletableFuture<Void> end = CompletableFuture.runAsync(ending, Thread::startVirtualThread);
        await("status " + prepared + " is durable", () -> durableStatus() == prepared);
        cluster.kill(coordinator);
        cluster.heal();
        end.get();
    }

    private void goOn(KafkaProducer<String, String> producer) {
        write(producer, "second");
        producer.commitTransaction();
    }

    private static List<String> ofEachPartition(String... values) {
        return Stream.of(values)
                .flatMap(value -> Collections.nCopies(3, value).stream())
                .sorted()
                .toList();
    }

    @Test
    void aCommitThatIsPreparedIsCarriedOutByTheNextCoordinator() throws Exception {
        try (KafkaProducer<String, String> producer = producer(id)) {
            endWithoutMarkers(producer, producer::commitTransaction, PREPARE_COMMIT);
            assertEquals(ofEachPartition("first"), seen());
            goOn(producer);
        }
        assertEquals(ofEachPartition("first", "second"), seen());
    }

    /** While a partition takes no marker, its readers wait, and those of others see the transaction; whoever has committed is told so after a second. */
    @Test
    void aCommitIsSeenInEachPartitionWhenThatHasItsMarker() throws Exception {
        try (KafkaProducer<String, String> producer = producer(id)) {
            write(producer, "first");
            int waiting = ledBy(other);
            int going = ledBy(coordinator);
            cluster.cut(coordinator, other);
            producer.commitTransaction();
            await("it is seen in " + going, () -> lastStableOffset(going) > 0);
            assertEquals(0, lastStableOffset(waiting));
            cluster.heal();
            assertEquals(ofEachPartition("first"), seen());
        }
    }

    private int ledBy(int broker) throws Exception {
        return partitions(TOPIC).stream()
                .filter(each -> each.leader().id() == broker)
                .findFirst()
                .orElseThrow()
                .partition();
    }

    private long lastStableOffset(int partition) {
        TopicPartition where = new TopicPartition(TOPIC, partition);
        try (KafkaConsumer<String, String> reader = consumer("read_committed")) {
            return reader.endOffsets(List.of(where)).get(where);
        }
    }

    @Test
    void anAbortThatIsPreparedIsCarriedOutByTheNextCoordinator() throws Exception {
        try (KafkaProducer<String, String> producer = producer(id)) {
            endWithoutMarkers(producer, producer::abortTransaction, PREPARE_ABORT);
            assertEquals(List.of(), seen());
            goOn(producer);
        }
        assertEquals(ofEachPartition("second"), seen());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransactionThatIsCompleteStaysSoWithTheNextCoordinator(boolean isCommitted) throws Exception {
        try (KafkaProducer<String, String> producer = producer(id)) {
            write(producer, "first");
            if (isCommitted) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
            await("it is complete", () -> durableStatus() == (isCommitted ? COMPLETE_COMMIT : COMPLETE_ABORT));
            cluster.kill(coordinator);
            goOn(producer);
            cluster.start(coordinator);
        }
        assertEquals(isCommitted ? ofEachPartition("first", "second") : ofEachPartition("second"), seen());
    }

    @Test
    void aTransactionThatIsOpenGoesOnWithTheNextCoordinator() throws Exception {
        try (KafkaProducer<String, String> producer = producer(id)) {
            write(producer, "first");
            await("it is open", () -> durableStatus() == ONGOING);
            cluster.kill(coordinator);
            send(producer, "of the same");
            producer.commitTransaction();
            goOn(producer);
        }
        assertEquals(ofEachPartition("first", "of the same", "second"), seen());
    }

    @Test
    void aTransactionThatNobodyEndsIsAbortedByTheNextCoordinator() throws Exception {
        try (KafkaProducer<String, String> producer = producer(id)) {
            write(producer, "first");
            await("it is open", () -> durableStatus() == ONGOING);
            cluster.kill(coordinator);
            time.advance(TIMEOUT);
            await("it is aborted", () -> durableStatus() == COMPLETE_ABORT);
            assertThrows(KafkaException.class, producer::commitTransaction);
        }
        assertEquals(List.of(), seen());
    }

    @Test
    void aProducerWithoutATransactionBeginsOneWithTheNextCoordinator() throws Exception {
        try (KafkaProducer<String, String> producer = producer(id)) {
            await("it is known", () -> durableStatus() == EMPTY);
            cluster.kill(coordinator);
            goOn(producer);
        }
        assertEquals(ofEachPartition("second"), seen());
    }
}

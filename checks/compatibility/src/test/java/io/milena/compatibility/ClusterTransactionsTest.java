package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transactions whose partitions, groups and coordinators are on different brokers, some of which are killed meanwhile; with unmodified clients. With {@code -Dmilena.oracle.cluster=kafka}, on three nodes of Apache Kafka.
 */
@Timeout(240)
class ClusterTransactionsTest {
    private static final String ID = "copier";
    private static final int RECORDS = 300;

    @TempDir
    Path folder = Path.of("");

    private final Set<Integer> killed = new TreeSet<>();
    private ThreeBrokers cluster;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        cluster = ThreeBrokers.start(folder);
        admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
        admin.createTopics(List.of(new NewTopic("in", 3, (short) 3), new NewTopic("out", 3, (short) 3)))
                .all()
                .get();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                var _ = producer.send(new ProducerRecord<>("in", i % 3, null, "v" + i));
            }
            producer.flush();
        }
    }

    @AfterEach
    void stop() {
        admin.close();
        cluster.close();
    }

    private KafkaProducer<String, String> producer() {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "transactional.id", ID),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private KafkaConsumer<String, String> consumer(String group, String protocol) {
        return new KafkaConsumer<>(
                Map.of(
                        "group.protocol",
                        protocol,
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "group.id",
                        group,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest",
                        "max.poll.records",
                        10),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private void kill(int broker) throws Exception {
        cluster.kill(broker);
        killed.add(broker);
    }

    private void startAll() throws Exception {
        for (int broker : killed) {
            cluster.start(broker);
        }
        killed.clear();
    }

    /** The broker that leads the coordinator's partition. */
    private int coordinator() throws Exception {
        List<TopicPartitionInfo> partitions = TopicView.partitions(admin, "__transaction_state");
        return partitions
                .get((ID.hashCode() & Integer.MAX_VALUE) % partitions.size())
                .leader()
                .id();
    }

    /** Copies what comes, ten records a transaction, until all are copied; starts anew where it cannot go on, as an application does. */
    private void copy(String protocol, Disturbance disturbance) throws Exception {
        int copied = 0;
        int transactions = 0;
        while (copied < RECORDS) {
            try (KafkaConsumer<String, String> consumer = consumer("copiers", protocol);
                    KafkaProducer<String, String> producer = producer()) {
                consumer.subscribe(List.of("in"));
                while (copied < RECORDS) {
                    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(500));
                    if (!records.isEmpty()) {
                        disturbance.before(transactions++);
                        producer.beginTransaction();
                        for (ConsumerRecord<String, String> each : records) {
                            var _ = producer.send(new ProducerRecord<>("out", each.value(), each.value()));
                        }
                        producer.sendOffsetsToTransaction(offsets(records), consumer.groupMetadata());
                        producer.commitTransaction();
                    }
                    copied = committed();
                }
            } catch (KafkaException e) {
                copied = committed(); // what the transaction had is taken back, or was committed without an answer
            }
        }
    }

    private interface Disturbance {
        void before(int transaction) throws Exception;
    }

    private int committed() throws Exception {
        return admin.listConsumerGroupOffsets("copiers").partitionsToOffsetAndMetadata().get().values().stream()
                .mapToInt(offset -> (int) offset.offset())
                .sum();
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(ConsumerRecords<String, String> records) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> each : records) {
            offsets.put(new TopicPartition(each.topic(), each.partition()), new OffsetAndMetadata(each.offset() + 1));
        }
        return offsets;
    }

    private List<String> copies() {
        List<String> copies = new ArrayList<>();
        try (KafkaConsumer<String, String> reader = consumer("readers", "classic")) {
            reader.subscribe(List.of("out"));
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (copies.size() < RECORDS && System.nanoTime() < deadline) {
                reader.poll(Duration.ofMillis(200)).forEach(each -> copies.add(each.value()));
            }
            reader.poll(Duration.ofMillis(500)).forEach(each -> copies.add(each.value())); // what should not be there
        }
        Collections.sort(copies);
        return copies;
    }

    private static List<String> all() {
        return IntStream.range(0, RECORDS).mapToObj(i -> "v" + i).sorted().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void eachRecordIsCopiedOnceThoughCoordinatorsAndLeadersAreKilled(String protocol) throws Exception {
        copy(protocol, transaction -> {
            switch (transaction) {
                case 5 -> kill(coordinator());
                case 15 ->
                    kill(TopicView.partitions(admin, "out").getFirst().leader().id());
                case 12, 22 -> startAll();
                default -> {}
            }
        });
        assertEquals(all(), copies());
    }

    @Test
    void aTransactionWhoseCoordinatorIsKilledIsEndedByTheNextOne() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            producer.beginTransaction();
            for (int partition = 0; partition < 3; partition++) {
                var _ = producer.send(new ProducerRecord<>("out", partition, null, "never"));
            }
            producer.flush();
            cluster.kill(coordinator());
        }
        // When the transactional id begins anew, at another coordinator
        try (KafkaProducer<String, String> producer = producer()) {
            TransactionDescription description =
                    admin.describeTransactions(List.of(ID)).description(ID).get();
            assertTrue(
                    description.state() == TransactionState.COMPLETE_ABORT
                            || description.state() == TransactionState.EMPTY,
                    description.toString());
            producer.beginTransaction();
            for (int partition = 0; partition < 3; partition++) {
                var _ = producer.send(new ProducerRecord<>("out", partition, null, "seen"));
            }
            producer.commitTransaction();
        }
        // Then readers of committed data are not held up, and see nothing of the first
        List<String> seen = new ArrayList<>();
        try (KafkaConsumer<String, String> reader = consumer("readers", "classic")) {
            reader.subscribe(List.of("out"));
            while (seen.size() < 3) {
                reader.poll(Duration.ofMillis(200)).forEach(each -> seen.add(each.value()));
            }
        }
        assertEquals(List.of("seen", "seen", "seen"), seen);
    }
}

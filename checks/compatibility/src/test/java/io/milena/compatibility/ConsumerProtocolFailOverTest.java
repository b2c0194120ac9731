package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumer groups of KIP-848 whose coordinator is killed: the next one knows members, epochs, partitions, and offsets of transactions that are open. */
@Timeout(240)
class ConsumerProtocolFailOverTest {
    private static final String GROUP = "readers";
    private static final String IN = "in";
    private static final String OUT = "out";
    private static final int PARTITIONS = 4;
    private static final TopicPartition FIRST = new TopicPartition(IN, 0);

    @TempDir
    Path folder = Path.of("");

    private ThreeBrokers brokers;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        brokers = ThreeBrokers.start(folder);
        admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrapServers()));
        admin.createTopics(List.of(new NewTopic(IN, PARTITIONS, (short) 3), new NewTopic(OUT, 1, (short) 3)))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        admin.close();
        brokers.close();
    }

    private KafkaConsumer<String, String> member() {
        KafkaConsumer<String, String> member = BrokerUnderTest.consumer(Map.of(
                "bootstrap.servers",
                brokers.bootstrapServers(),
                "group.id",
                GROUP,
                "group.protocol",
                "consumer",
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false));
        member.subscribe(List.of(IN));
        return member;
    }

    private KafkaProducer<String, String> producer() {
        KafkaProducer<String, String> producer = BrokerUnderTest.producer(
                Map.of("bootstrap.servers", brokers.bootstrapServers(), "transactional.id", "id"));
        producer.initTransactions();
        return producer;
    }

    private int coordinator() throws Exception {
        return admin.describeConsumerGroups(List.of(GROUP))
                .describedGroups()
                .get(GROUP)
                .get()
                .coordinator()
                .id();
    }

    private static long read(KafkaConsumer<String, String> member) {
        return member.assignment().stream().mapToLong(member::position).sum();
    }

    @Test
    void membersKeepTheirPartitionsAndEpochsAtTheNextCoordinator() throws Exception {
        try (KafkaConsumer<String, String> a = member();
                KafkaConsumer<String, String> b = member()) {
            BrokerUnderTest.settle(
                    () -> a.assignment().size() == 2 && b.assignment().size() == 2, a, b);
            Set<TopicPartition> before = Set.copyOf(a.assignment());
            ConsumerGroupMetadata self = a.groupMetadata();

            int killed = coordinator();
            brokers.kill(killed);

            for (int i = 0; i < 10 * PARTITIONS; i++) {
                BrokerUnderTest.produce(
                        List.of(new ProducerRecord<>(IN, i % PARTITIONS, null, "v" + i)),
                        Map.of("bootstrap.servers", brokers.bootstrapServers()));
            }
            BrokerUnderTest.settle(() -> read(a) + read(b) == 10 * PARTITIONS, a, b);
            a.commitSync();
            b.commitSync();
            assertEquals(before, a.assignment());
            assertEquals(self.memberId(), a.groupMetadata().memberId());
            assertEquals(self.generationId(), a.groupMetadata().generationId());
            try (KafkaConsumer<String, String> c = member()) {
                BrokerUnderTest.settle(
                        () -> !c.assignment().isEmpty()
                                && a.assignment().size()
                                                + b.assignment().size()
                                                + c.assignment().size()
                                        == PARTITIONS,
                        a,
                        b,
                        c);
                Set<TopicPartition> all = new HashSet<>(a.assignment());
                all.addAll(b.assignment());
                all.addAll(c.assignment());
                assertEquals(PARTITIONS, all.size());
                c.assignment().forEach(each -> assertEquals(10, c.position(each)));
            }
            brokers.start(killed);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void offsetsOfAnOpenTransactionGetToTheNextCoordinator(boolean isCommitted) throws Exception {
        try (KafkaProducer<String, String> producer = producer();
                KafkaConsumer<String, String> member = member()) {
            BrokerUnderTest.settle(() -> member.assignment().size() == PARTITIONS, member);
            member.position(FIRST); // so that none of its questions is on its way, whose answer it would take
            producer.beginTransaction();
            var _ = producer.send(new ProducerRecord<>(OUT, 0, null, "copy"));
            producer.sendOffsetsToTransaction(Map.of(FIRST, new OffsetAndMetadata(7)), member.groupMetadata());

            int killed = coordinator();
            brokers.kill(killed);

            // The next one knows of them, and shows them to nobody who wants what is certain
            BrokerUnderTest.await("the next coordinator", () -> isAnother(killed));
            assertNull(offset());
            assertThrows(TimeoutException.class, () -> member.committed(Set.of(FIRST), Duration.ofSeconds(1)));
            if (isCommitted) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
            OffsetAndMetadata seen = member.committed(Set.of(FIRST)).get(FIRST);
            assertEquals(isCommitted ? 7L : null, seen == null ? null : seen.offset());
        }
    }

    private boolean isAnother(int killed) {
        try {
            return coordinator() != killed;
        } catch (Exception e) {
            return false;
        }
    }

    /** Also one that is on its way to be changed. */
    private OffsetAndMetadata offset() throws Exception {
        return admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(FIRST);
    }

    @Test
    void whoWasOutBeforeCommitsNothingAtTheNextCoordinator() throws Exception {
        try (KafkaProducer<String, String> producer = producer();
                KafkaConsumer<String, String> heir = member()) {
            ConsumerGroupMetadata former;
            try (KafkaConsumer<String, String> member = member()) {
                BrokerUnderTest.settle(
                        () -> !member.assignment().isEmpty()
                                && !heir.assignment().isEmpty(),
                        member,
                        heir);
                former = member.groupMetadata();
            }
            BrokerUnderTest.settle(() -> heir.assignment().size() == PARTITIONS, heir);

            brokers.kill(coordinator());

            producer.beginTransaction();
            assertThrows(
                    CommitFailedException.class,
                    () -> producer.sendOffsetsToTransaction(Map.of(FIRST, new OffsetAndMetadata(7)), former));
            producer.abortTransaction();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(FIRST, new OffsetAndMetadata(3)), heir.groupMetadata());
            producer.commitTransaction();
            OffsetAndMetadata seen = heir.committed(Set.of(FIRST)).get(FIRST);
            assertTrue(seen != null && seen.offset() == 3, () -> "" + seen);
        }
    }
}

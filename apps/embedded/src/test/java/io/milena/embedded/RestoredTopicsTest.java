package io.milena.embedded;

import static io.milena.embedded.Orders.PARTITION;
import static io.milena.embedded.Orders.admin;
import static io.milena.embedded.Orders.await;
import static io.milena.embedded.Orders.describe;
import static io.milena.embedded.Orders.ids;
import static io.milena.embedded.Orders.numbers;
import static io.milena.embedded.Orders.producer;
import static io.milena.embedded.Orders.read;
import static io.milena.embedded.Orders.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.DescribeTrashRequest;
import io.milena.protocol.message.DescribeTrashResponse;
import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.ListDeletedTopicsResponse;
import io.milena.protocol.message.ListDeletedTopicsResponse.DeletedTopic;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.protocol.message.RestoreTopicResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic with replicas on several brokers is deleted, and restored whatever has become of them. */
@Timeout(180)
class RestoredTopicsTest {
    private static final int RECORDS = 100;
    private static final String TOPIC = PARTITION.topic();
    private static final ConfigResource SETTINGS = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);

    private MilenaCluster cluster;
    private Admin admin;

    @BeforeEach
    void start() {
        cluster = Milena.cluster(3);
        admin = admin(cluster);
    }

    @AfterEach
    void close() {
        admin.close();
        cluster.close();
    }

    private int controller() {
        await(() -> cluster.controller().isPresent(), "nobody decides");
        return cluster.controller().orElseThrow();
    }

    /** With these replicas, the first of which leads. */
    private Uuid create(Integer... replicas) throws Exception {
        NewTopic topic = new NewTopic(TOPIC, Map.of(0, List.of(replicas))).configs(Map.of("retention.ms", "987654321"));
        return admin.createTopics(List.of(topic)).topicId(TOPIC).get();
    }

    private void produce(int from, int to) throws Exception {
        try (KafkaProducer<String, String> producer = producer(cluster)) {
            send(producer, from, to);
        }
    }

    private List<DeletedTopic> deleted(int asked) {
        try {
            return cluster.running(asked)
                    .localApi()
                    .ask(new ListDeletedTopicsRequest(), ListDeletedTopicsResponse.class)
                    .topics();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether a broker has heard of the deletion. */
    private boolean holds(int broker) {
        try {
            return !cluster.running(broker)
                    .localApi()
                    .ask(DescribeTrashRequest.builder().build(), DescribeTrashResponse.class)
                    .topics()
                    .isEmpty();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void delete() throws Exception {
        admin.deleteTopics(List.of(TOPIC)).all().get();
        for (int broker : cluster.brokers()) {
            await(() -> !cluster.isRunning(broker) || holds(broker), "broker " + broker + " knows of no deletion");
        }
    }

    private RestoreTopicResponse restore(int asked, @Nullable String newName) throws Exception {
        return cluster.running(asked)
                .localApi()
                .ask(new RestoreTopicRequest(TOPIC, Uuids.ZERO, newName), RestoreTopicResponse.class);
    }

    private void assertRestored(int asked) throws Exception {
        RestoreTopicResponse response = restore(asked, null);
        assertEquals(ErrorCode.NONE, ErrorCode.of(response.errorCode()), response::toString);
        assertEquals(TOPIC, response.name());
    }

    private void awaitInSync(Integer... brokers) {
        await(admin, partition -> ids(partition.isr()).equals(List.of(brokers)));
    }

    private String setting() throws Exception {
        Config config = Objects.requireNonNull(
                admin.describeConfigs(List.of(SETTINGS)).all().get().get(SETTINGS));
        return Objects.requireNonNull(config.get("retention.ms")).value();
    }

    @Test
    void anyBrokerListsItAndBringsItBackWithAllThatItHad() throws Exception {
        // Given
        Uuid id = create(1, 2, 3);
        produce(0, RECORDS);
        admin.alterConsumerGroupOffsets("readers", Map.of(PARTITION, new OffsetAndMetadata(40)))
                .all()
                .get();
        delete();
        int asked = controller() % 3 + 1; // not the controller
        for (int broker : cluster.brokers()) {
            DeletedTopic topic = deleted(broker).getFirst();
            assertEquals(TOPIC, topic.name());
            assertEquals(1, topic.partitions());
            assertTrue(topic.sizeBytes() > 3 * RECORDS, topic::toString);
        }
        // When
        assertRestored(asked);
        // Then
        awaitInSync(1, 2, 3);
        assertEquals(
                id,
                Objects.requireNonNull(admin.describeTopics(List.of(TOPIC))
                                .allTopicNames()
                                .get()
                                .get(TOPIC))
                        .topicId());
        assertEquals("987654321", setting());
        assertEquals(
                40,
                Objects.requireNonNull(admin.listConsumerGroupOffsets("readers")
                                .partitionsToOffsetAndMetadata()
                                .get()
                                .get(PARTITION))
                        .offset());
        produce(RECORDS, 2 * RECORDS);
        assertEquals(numbers(2 * RECORDS), read(cluster, 2 * RECORDS));
        for (int broker : cluster.brokers()) {
            await(() -> deleted(broker).isEmpty(), "broker " + broker + " lists it still");
        }
    }

    @Test
    void itCanBeRestoredAtOnceThoughOthersThanTheControllerHaveIt() throws Exception {
        int controller = controller();
        create(controller % 3 + 1, (controller + 1) % 3 + 1);
        produce(0, RECORDS);
        for (int time = 0; time < 5; time++) {
            admin.deleteTopics(List.of(TOPIC)).all().get();
            assertEquals(1, deleted(controller).size());
            assertRestored(controller);
        }
        assertEquals(numbers(RECORDS), read(cluster, RECORDS));
        awaitInSync(ids(describe(admin).replicas()).toArray(Integer[]::new));
    }

    @Test
    void itComesBackWithoutABrokerThatIsDownWhichFollowsLater() throws Exception {
        // Given
        create(1, 2, 3);
        produce(0, RECORDS);
        delete();
        int away = controller() % 3 + 1;
        cluster.kill(away);
        await(() -> activeBrokers() == 2, "all are thought to be there");
        // When
        assertRestored(controller());
        // Then
        assertEquals(List.of(1, 2, 3), ids(describe(admin).replicas()));
        assertEquals(2, describe(admin).isr().size());
        produce(RECORDS, 2 * RECORDS);
        cluster.start(away);
        awaitInSync(1, 2, 3);
        assertLeadsWithAll(away);
    }

    private long activeBrokers() {
        try {
            return admin.describeCluster().nodes().get().size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void assertLeadsWithAll(int broker) throws Exception {
        admin.alterPartitionReassignments(Map.of(PARTITION, Optional.of(new NewPartitionReassignment(List.of(broker)))))
                .all()
                .get();
        await(admin, partition -> ids(partition.replicas()).equals(List.of(broker)));
        assertEquals(numbers(2 * RECORDS), read(cluster, 2 * RECORDS));
    }

    @Test
    void itComesBackUnderAnotherNameAlsoWhereNobodyHeardOfTheDeletion() throws Exception {
        // Given
        create(1, 2, 3);
        produce(0, RECORDS);
        int away = controller() % 3 + 1;
        cluster.kill(away);
        delete();
        // When
        assertEquals(0, restore(controller(), "orders.old").errorCode());
        create(controller());
        cluster.start(away);
        // Then
        await(
                () -> {
                    try {
                        TopicPartitionInfo partition = Objects.requireNonNull(
                                        admin.describeTopics(List.of("orders.old"))
                                                .allTopicNames()
                                                .get()
                                                .get("orders.old"))
                                .partitions()
                                .getFirst();
                        return partition.isr().size() == 3;
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                "it does not follow");
        produce(0, 5);
        assertEquals(numbers(5), read(cluster, 5));
    }

    @Test
    void itIsRefusedWhileOnlyOthersThanThoseThatWereInSyncAreThere() throws Exception {
        // Given a partition of which one broker alone has all
        int controller = controller();
        int all = controller % 3 + 1;
        int part = all % 3 + 1;
        create(all, part);
        produce(0, RECORDS);
        cluster.kill(part);
        awaitInSync(all);
        produce(RECORDS, 2 * RECORDS);
        delete();
        cluster.kill(all);
        cluster.start(part);
        await(() -> holds(part), "what it has belongs to no topic");
        // When
        RestoreTopicResponse refused = restore(part, null);
        // Then
        assertEquals(ErrorCode.BROKER_NOT_AVAILABLE, ErrorCode.of(refused.errorCode()), refused::toString);
        assertTrue(
                String.valueOf(refused.errorMessage())
                        .contains("Partition 0 can come back only from broker " + all + ","),
                refused::toString);
        assertEquals(List.of(), deleted(part));
        // And when that one is there
        cluster.start(all);
        await(() -> deleted(part).size() == 1, "it is not listed");
        assertRestored(part);
        assertEquals(all, describe(admin).leader().id());
        awaitInSync(ids(describe(admin).replicas()).toArray(Integer[]::new));
        assertLeadsWithAll(part);
    }

    @Test
    void theOthersKnowWhatWasDeletedWhileItsOnlyBrokerWasDown() throws Exception {
        int only = controller() % 3 + 1;
        create(only);
        produce(0, RECORDS);
        cluster.kill(only);
        delete();
        assertEquals(List.of(), deleted(controller()));
        cluster.start(only);
        await(() -> deleted(controller()).size() == 1, "it is not listed");
        assertRestored(controller());
        assertEquals("987654321", setting());
        assertEquals(numbers(RECORDS), read(cluster, RECORDS));
    }

    @Test
    void allAreKilledAfterEachStep() throws Exception {
        create(1, 2, 3);
        produce(0, RECORDS);
        admin.deleteTopics(List.of(TOPIC)).all().get();
        cluster.brokers().forEach(cluster::kill);
        cluster.startAll();
        int asked = controller();
        await(() -> deleted(asked).size() == 1, "it is not listed");
        assertRestored(asked);
        cluster.brokers().forEach(cluster::kill);
        cluster.startAll();
        await(() -> activeBrokers() == 3, "not all are there");
        awaitInSync(1, 2, 3);
        assertEquals(numbers(RECORDS), read(cluster, RECORDS));
    }
}

package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Topics, settings and records as an administrator handles them. */
class AdministrationTest {
    private final Admin admin = BrokerUnderTest.admin();

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void theClusterNamesItsBrokers() throws Exception {
        assertEquals(1, admin.describeCluster().nodes().get().size());
        assertFalse(admin.describeCluster().clusterId().get().isEmpty());
    }

    @Test
    void aTopicIsCreatedDescribedListedAndDeleted() throws Exception {
        String topic = BrokerUnderTest.newTopic(3);
        TopicDescription description = describe(topic);
        assertEquals(3, description.partitions().size());
        assertEquals(1, description.partitions().getFirst().isr().size());
        assertTrue(admin.listTopics().names().get().contains(topic));

        admin.deleteTopics(List.of(topic)).all().get();
        assertGone(topic);
        assertFails(
                UnknownTopicOrPartitionException.class,
                admin.deleteTopics(List.of(topic)).all());
    }

    @Test
    void aTopicCreatedAgainIsEmptyAndHasAnotherId() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        BrokerUnderTest.produce(topic, null, 3);
        TopicDescription before = describe(topic);
        admin.deleteTopics(List.of(topic)).all().get();
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        assertFalse(before.topicId().equals(describe(topic).topicId()));
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            assertEquals(0L, consumer.endOffsets(List.of(partition)).get(partition));
        }
    }

    @Test
    void whatCannotBeCreatedIsRefusedWithTheReason() {
        String topic = BrokerUnderTest.newTopic(1);
        assertFails(TopicExistsException.class, create(new NewTopic(topic, 1, (short) 1)));
        assertFails(InvalidTopicException.class, create(new NewTopic("no spaces", 1, (short) 1)));
        assertFails(InvalidPartitionsException.class, create(new NewTopic(topic + "-0", 0, (short) 1)));
        assertFails(InvalidReplicationFactorException.class, create(new NewTopic(topic + "-r", 1, (short) 5)));
        InvalidConfigurationException unknown = assertFails(
                InvalidConfigurationException.class,
                create(new NewTopic(topic + "-c", 1, (short) 1).configs(Map.of("no.such.setting", "1"))));
        assertTrue(String.valueOf(unknown.getMessage()).contains("no.such.setting"));
        assertFails(
                InvalidConfigurationException.class,
                create(new NewTopic(topic + "-v", 1, (short) 1).configs(Map.of("retention.ms", "soon"))));
    }

    @Test
    void partitionsCanBeAddedButNotTakenAway() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
        assertEquals(3, describe(topic).partitions().size());
        assertFails(
                InvalidPartitionsException.class,
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2)))
                        .all());
    }

    @Test
    void settingsCanBeReadSetAndReset() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        assertEquals("604800000", settings(resource).get("retention.ms").value());

        alter(resource, new AlterConfigOp(new ConfigEntry("retention.ms", "1000"), AlterConfigOp.OpType.SET));
        ConfigEntry changed = settings(resource).get("retention.ms");
        assertEquals("1000", changed.value());
        assertEquals(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG, changed.source());

        alter(resource, new AlterConfigOp(new ConfigEntry("retention.ms", ""), AlterConfigOp.OpType.DELETE));
        assertEquals("604800000", settings(resource).get("retention.ms").value());
        ExecutionException refused = assertThrows(
                ExecutionException.class,
                () -> alter(
                        resource,
                        new AlterConfigOp(new ConfigEntry("retention.ms", "soon"), AlterConfigOp.OpType.SET)));
        assertInstanceOf(InvalidConfigurationException.class, refused.getCause());
    }

    @Test
    void theBrokersSettingsCanBeRead() throws Exception {
        String node = admin.describeCluster().nodes().get().iterator().next().idString();
        Config settings = settings(new ConfigResource(ConfigResource.Type.BROKER, node));
        assertEquals("1", settings.get("num.partitions").value());
    }

    @Test
    void recordsBeforeAnOffsetCanBeDeleted() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        BrokerUnderTest.produce(topic, null, 10);
        TopicPartition partition = new TopicPartition(topic, 0);
        assertEquals(
                4L,
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)))
                        .lowWatermarks()
                        .get(partition)
                        .get()
                        .lowWatermark());
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertEquals(4, BrokerUnderTest.poll(consumer, 6).getFirst().offset());
        }
    }

    @Test
    void logDirectoriesAndProducersCanBeDescribed() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        BrokerUnderTest.produce(topic, null, 10);
        int node = admin.describeCluster().nodes().get().iterator().next().id();
        long size = admin.describeLogDirs(List.of(node)).allDescriptions().get().get(node).values().stream()
                .flatMap(dir -> dir.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getKey().topic().equals(topic))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
        assertTrue(size > 0);
        TopicPartition partition = new TopicPartition(topic, 0);
        assertEquals(
                1,
                admin.describeProducers(List.of(partition))
                        .partitionResult(partition)
                        .get()
                        .activeProducers()
                        .size());
    }

    /** Apache Kafka's brokers learn of a topic a moment after its creation is answered, so they are asked until they know. */
    private TopicDescription describe(String topic) throws Exception {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            try {
                return admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get()
                        .get(topic);
            } catch (ExecutionException e) {
                assertInstanceOf(UnknownTopicOrPartitionException.class, e.getCause());
            }
        }
        throw new AssertionError(topic + " never becomes known");
    }

    /** Apache Kafka's brokers hear of a deletion a moment later too. */
    private void assertGone(String topic) throws Exception {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            if (!admin.listTopics().names().get().contains(topic)) {
                return;
            }
        }
        throw new AssertionError(topic + " is still listed");
    }

    private KafkaFuture<Void> create(NewTopic topic) {
        return admin.createTopics(List.of(topic)).all();
    }

    private Config settings(ConfigResource resource) throws Exception {
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }

    private void alter(ConfigResource resource, AlterConfigOp op) throws Exception {
        admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all().get();
    }

    private static <E extends Exception> E assertFails(Class<E> type, KafkaFuture<?> future) {
        Executable get = future::get;
        return assertInstanceOf(
                type, assertThrows(ExecutionException.class, get).getCause());
    }
}

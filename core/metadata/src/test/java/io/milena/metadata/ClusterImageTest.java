package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.Message;
import io.milena.protocol.record.BrokerRegistrationChangeRecord;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.protocol.record.UnregisterBrokerRecord;
import io.milena.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClusterImageTest {
    private static final UUID ORDERS = new UUID(1, 1);

    private static ClusterImage withOrders() {
        return ClusterImage.EMPTY.replay(List.of(
                new TopicRecord("orders", ORDERS),
                partition(ORDERS, 0),
                partition(ORDERS, 1),
                new ConfigRecord(Resource.TOPIC, "orders", "retention.ms", "1000")));
    }

    private static PartitionRecord partition(UUID topic, int index) {
        return PartitionRecord.builder()
                .topicId(topic)
                .partitionId(index)
                .replicas(List.of(1))
                .isr(List.of(1))
                .leader(1)
                .leaderEpoch(0)
                .partitionEpoch(0)
                .build();
    }

    @Test
    void topicsAreFoundByNameAndId() {
        ClusterImage image = withOrders();
        Topic topic = image.topic("orders");
        assertNotNull(topic);
        assertEquals(topic, image.topic(ORDERS));
        assertEquals(2, topic.partitions().size());
        assertEquals(partition(ORDERS, 1), image.partition("orders", 1));
        assertNull(image.partition("orders", 2));
        assertNull(image.partition("orders", -1));
        assertNull(image.partition("nothing", 0));
        assertEquals(Map.of("retention.ms", "1000"), image.settings(Resource.topic("orders")));
    }

    @Test
    void aRemovedTopicTakesItsSettingsAlong() {
        ClusterImage image = withOrders().replay(List.of(new RemoveTopicRecord(ORDERS)));
        assertNull(image.topic("orders"));
        assertNull(image.topic(ORDERS));
        assertEquals(Map.of(), image.settings(Resource.topic("orders")));
        assertEquals(List.of(), image.snapshot());
    }

    @Test
    void aTopicMayComeBackUnderItsNameInOneBatch() {
        UUID again = new UUID(1, 2);
        ClusterImage image = withOrders()
                .replay(List.of(
                        partition(ORDERS, 2),
                        new RemoveTopicRecord(ORDERS),
                        new TopicRecord("orders", again),
                        partition(again, 0)));
        assertEquals(new Topic("orders", again, List.of(partition(again, 0))), image.topic("orders"));
    }

    @Test
    void anEarlierImageStaysAsItWas() {
        ClusterImage before = withOrders();
        List<Message> records = before.snapshot();
        ClusterImage after = before.replay(List.of(partition(ORDERS, 2), new RemoveTopicRecord(ORDERS)));
        assertNull(after.topic("orders"));
        assertEquals(records, before.snapshot());
        Topic topic = before.topic("orders");
        assertNotNull(topic);
        assertThrows(
                UnsupportedOperationException.class, () -> topic.partitions().clear());
    }

    @Test
    void aPartitionChangeKeepsWhatItDoesNotName() {
        PartitionChangeRecord shrink = PartitionChangeRecord.builder()
                .topicId(ORDERS)
                .partitionId(1)
                .isr(List.of())
                .build();
        ClusterImage shrunk = withOrders().replay(List.of(shrink));
        assertEquals(
                partition(ORDERS, 1).toBuilder()
                        .isr(List.of())
                        .partitionEpoch(1)
                        .build(),
                shrunk.partition("orders", 1));

        PartitionChangeRecord elect = PartitionChangeRecord.builder()
                .topicId(ORDERS)
                .partitionId(1)
                .leader(7)
                .build();
        ClusterImage elected = shrunk.replay(List.of(elect));
        assertEquals(
                partition(ORDERS, 1).toBuilder()
                        .isr(List.of())
                        .partitionEpoch(2)
                        .leader(7)
                        .leaderEpoch(1)
                        .build(),
                elected.partition("orders", 1));
    }

    @Test
    void brokersComeChangeAndGo() {
        RegisterBrokerRecord broker = RegisterBrokerRecord.builder()
                .brokerId(1)
                .brokerEpoch(5)
                .fenced(true)
                .build();
        ClusterImage registered = ClusterImage.EMPTY.replay(List.of(broker));
        assertEquals(List.of(broker), List.copyOf(registered.brokers()));
        BrokerRegistrationChangeRecord unfence = BrokerRegistrationChangeRecord.builder()
                .brokerId(1)
                .brokerEpoch(5)
                .fenced((byte) -1)
                .build();
        ClusterImage unfenced = registered.replay(List.of(unfence));
        assertEquals(broker.toBuilder().fenced(false).build(), unfenced.broker(1));
        assertNull(unfenced.replay(List.of(new UnregisterBrokerRecord(1, 5))).broker(1));
        BrokerRegistrationChangeRecord stale =
                unfence.toBuilder().brokerEpoch(4).build();
        assertThrows(IllegalStateException.class, () -> registered.replay(List.of(stale)));
    }

    @Test
    void featureLevelZeroTakesAFeatureAway() {
        ClusterImage image = ClusterImage.EMPTY.replay(List.of(new FeatureLevelRecord("metadata.version", (short) 33)));
        assertEquals(Map.of("metadata.version", (short) 33), image.features());
        assertEquals(
                Map.of(),
                image.replay(List.of(new FeatureLevelRecord("metadata.version", (short) 0)))
                        .features());
    }

    @Test
    void recordsThatDoNotFollowAreRefused() {
        ClusterImage image = withOrders();
        List<Message> wrong = List.of(
                partition(new UUID(9, 9), 0),
                partition(ORDERS, 3),
                new TopicRecord("orders", new UUID(9, 9)),
                new TopicRecord("others", ORDERS),
                new RemoveTopicRecord(new UUID(9, 9)),
                PartitionChangeRecord.builder().topicId(ORDERS).partitionId(2).build());
        wrong.forEach(record -> assertThrows(IllegalStateException.class, () -> image.replay(List.of(record))));
    }

    @Test
    void snapshotAndTheRestGiveTheSameImageAsAllRecords() {
        Seeds.each(ClusterImageTest.class, 60, seed -> {
            Random random = new Random(seed);
            ClusterImage image = ClusterImage.EMPTY;
            List<Message> all = new ArrayList<>();
            ClusterImage fromSnapshot = ClusterImage.EMPTY;
            int snapshotAt = random.nextInt(200);
            for (int step = 0; step < 200; step++) {
                List<Message> batch = RandomRecords.batch(image, random);
                image = image.replay(batch);
                all.addAll(batch);
                fromSnapshot = fromSnapshot.replay(viaBytes(batch));
                if (step == snapshotAt) {
                    fromSnapshot = ClusterImage.EMPTY.replay(viaBytes(fromSnapshot.snapshot()));
                }
            }
            assertEquals(image.snapshot(), ClusterImage.EMPTY.replay(all).snapshot());
            assertEquals(image.snapshot(), fromSnapshot.snapshot());
        });
    }

    private static List<Message> viaBytes(List<Message> records) {
        return MetadataRecords.encode(records).stream()
                .flatMap(bytes -> MetadataRecords.decode(bytes).stream())
                .toList();
    }

    @Test
    void listsTopicsFromAName() {
        ClusterImage image = ClusterImage.EMPTY.replay(List.of(
                new TopicRecord("c", new UUID(0, 3)),
                new TopicRecord("a", new UUID(0, 1)),
                new TopicRecord("b", new UUID(0, 2))));
        List<String> names = new ArrayList<>();
        image.topicsFrom("aa").forEachRemaining(topic -> names.add(topic.name()));
        assertEquals(List.of("b", "c"), names);
        assertEquals(
                List.of("a", "b", "c"), image.topics().stream().map(Topic::name).toList());
    }

    @Test
    void resourcesWithSettingsAreListedByType() {
        ClusterImage image = ClusterImage.EMPTY.replay(List.of(
                new ConfigRecord(Resource.GROUP, "g", "x", "1"),
                new ConfigRecord(Resource.BROKER, "", "x", "1"),
                new ConfigRecord(Resource.BROKER, "1", "x", "1"),
                new ConfigRecord(Resource.CLIENT_METRICS, "m", "x", "1"),
                new ConfigRecord(Resource.CLIENT_METRICS, "gone", "x", "1"),
                new ConfigRecord(Resource.CLIENT_METRICS, "gone", "x", null)));
        assertEquals(List.of("", "1"), image.resourcesWithSettings(Resource.BROKER));
        assertEquals(List.of("m"), image.resourcesWithSettings(Resource.CLIENT_METRICS));
        assertEquals(List.of("g"), image.resourcesWithSettings(Resource.GROUP));
    }

    @Test
    void producerIdsGoOn() {
        ClusterImage image = ClusterImage.EMPTY.replay(List.of(new ProducerIdsRecord(1, 1, 3000)));
        assertEquals(3000, image.nextProducerId());
    }
}

package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.metadata.Controller.NewTopic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a deleted topic may come back, and as what. */
class RestoreTopicTest {
    private static final UUID ID = new UUID(7, 7);
    private static final Map<String, String> SETTINGS = Map.of("retention.ms", "1000", "cleanup.policy", "compact");

    private final Controller controller = new Controller(1, 4);
    private final ClusterImage before = created("orders", 3, ID, SETTINGS, created("a.b", 1, new UUID(1, 2)));
    private final ClusterImage deleted =
            before.replay(controller.deleteTopic(before, ID).records());

    private ClusterImage created(String name, int partitions, UUID id) {
        return created(name, partitions, id, Map.of(), ClusterImage.EMPTY);
    }

    private ClusterImage created(
            String name, int partitions, UUID id, Map<String, String> settings, ClusterImage image) {
        NewTopic topic = new NewTopic(name, partitions, (short) 1, Map.of(), Map.copyOf(settings));
        return image.replay(controller.createTopic(image, topic, id).records());
    }

    private static RestoredTopic restored(String name) {
        return restored(name, 1);
    }

    private static RestoredTopic restored(String name, int broker) {
        return new RestoredTopic(name, ID, 0, SETTINGS, Collections.nCopies(3, on(broker)));
    }

    private static RestoredTopic.Partition on(int broker) {
        return new RestoredTopic.Partition(List.of(broker), List.of(broker), List.of(broker));
    }

    private static Message registration(int id, boolean isFenced) {
        return RegisterBrokerRecord.builder()
                .brokerId(id)
                .brokerEpoch(id)
                .fenced(isFenced)
                .build();
    }

    private static void assertRefused(ErrorCode error, String reason, Decision decision) {
        assertEquals(error, decision.error(), () -> String.valueOf(decision.message()));
        assertTrue(
                decision.message() != null && decision.message().contains(reason),
                () -> String.valueOf(decision.message()));
        assertEquals(List.of(), decision.records());
    }

    @Test
    void theClusterIsAsItWasBeforeTheDeletion() {
        Decision decision = controller.restoreTopic(deleted, restored("orders"));
        assertEquals(before.snapshot(), deleted.replay(decision.records()).snapshot());
    }

    @Test
    void anotherNameChangesNothingElse() {
        ClusterImage image = deleted.replay(
                controller.restoreTopic(deleted, restored("orders.old")).records());
        Topic old = before.topic("orders");
        assertNotNull(old);
        assertEquals(new Topic("orders.old", ID, old.partitions()), image.topic(ID));
        assertEquals(SETTINGS, Map.copyOf(image.settings(Resource.topic("orders.old"))));
        assertEquals(Map.of(), image.settings(Resource.topic("orders")));
    }

    @Test
    void inAClusterItComesBackWhereItsDataAre() {
        // Given three brokers, of which one has the data and another one decides
        ClusterImage three = three();
        // When
        ClusterImage image =
                three.replay(second().restoreTopic(three, restored("orders", 3)).records());
        // Then
        Topic topic = image.topic(ID);
        assertNotNull(topic);
        for (PartitionRecord partition : topic.partitions()) {
            assertEquals(List.of(3), partition.replicas());
            assertEquals(List.of(3), partition.isr());
            assertEquals(3, partition.leader());
        }
        // And not while it cannot lead
        ClusterImage fenced = three.replay(List.of(registration(3, true)));
        assertRefused(
                ErrorCode.BROKER_NOT_AVAILABLE,
                "Partition 0 can come back only from broker 3",
                second().restoreTopic(fenced, restored("orders", 3)));
    }

    private static Controller second() {
        return new Controller(new ControllerSettings(2, 4, (short) 3, 1, false));
    }

    private static ClusterImage three() {
        ClusterImage three = ClusterImage.EMPTY;
        for (int id = 1; id <= 3; id++) {
            three = three.replay(List.of(registration(id, false)));
        }
        return three;
    }

    private static RestoredTopic replicated(List<Integer> inSync, List<Integer> holders) {
        return new RestoredTopic(
                "orders",
                ID,
                5,
                Map.of(),
                List.of(new RestoredTopic.Partition(List.of(3, 1, 2), inSync, holders), on(1)));
    }

    /** Of the partition with three replicas, when it is restored. */
    private static PartitionRecord first(ClusterImage image, RestoredTopic topic) {
        Decision decision = second().restoreTopic(image, topic);
        PartitionRecord first = image.replay(decision.records()).partition(ID, 0);
        assertNotNull(first, () -> String.valueOf(decision.message()));
        return first;
    }

    @Test
    void whoWasInSyncAndHasItLeadsAndTheOthersFollow() {
        PartitionRecord all = first(three(), replicated(List.of(1, 2, 3), List.of(1, 2, 3)));
        assertEquals(List.of(3, 1, 2), all.replicas());
        assertEquals(List.of(3, 1, 2), all.isr());
        assertEquals(3, all.leader());
        assertEquals(6, all.leaderEpoch(), "another one may lead in the epochs that the replicas know");

        PartitionRecord one = first(three(), replicated(List.of(1, 2), List.of(2, 3)));
        assertEquals(List.of(3, 1, 2), one.replicas());
        assertEquals(List.of(2), one.isr());
        assertEquals(2, one.leader());
    }

    @Test
    void whoCannotLeadIsNotInSync() {
        ClusterImage fenced = three().replay(List.of(registration(3, true)));
        PartitionRecord partition = first(fenced, replicated(List.of(1, 2, 3), List.of(1, 2, 3)));
        assertEquals(List.of(3, 1, 2), partition.replicas());
        assertEquals(List.of(1, 2), partition.isr());
    }

    @Test
    void aBrokerThatHasLeftTheClusterIsNoReplicaAnyMore() {
        ClusterImage two = ClusterImage.EMPTY.replay(List.of(registration(1, false), registration(2, false)));
        assertEquals(
                List.of(1, 2),
                first(two, replicated(List.of(1, 2, 3), List.of(1, 2))).replicas());
    }

    @Test
    void nothingThatWasAcknowledgedMayBeMissing() {
        assertRefused(
                ErrorCode.BROKER_NOT_AVAILABLE,
                "Partition 0 can come back only from broker 2",
                second().restoreTopic(three(), replicated(List.of(2), List.of(1, 3))));
        assertRefused(
                ErrorCode.BROKER_NOT_AVAILABLE,
                "No broker is known to have all of partition 0",
                second().restoreTopic(three(), replicated(List.of(), List.of(1, 2, 3))));
    }

    @Test
    void leaderEpochsDoNotGoBack() {
        RestoredTopic topic = new RestoredTopic("orders", ID, 5, Map.of(), List.of(on(1), on(1)));
        ClusterImage image =
                deleted.replay(controller.restoreTopic(deleted, topic).records());
        Topic restored = image.topic(ID);
        assertNotNull(restored);
        assertTrue(restored.partitions().stream().allMatch(partition -> partition.leaderEpoch() == 5));
    }

    @Test
    void aNameThatIsTakenIsRefusedWithTheWayOut() {
        ClusterImage image = created("orders", 1, new UUID(3, 3), Map.of(), deleted);
        assertRefused(
                ErrorCode.TOPIC_ALREADY_EXISTS,
                "can be restored under another name",
                controller.restoreTopic(image, restored("orders")));
    }

    @Test
    void anIdThatIsAliveIsRefusedUnderAnyName() {
        assertRefused(
                ErrorCode.TOPIC_ALREADY_EXISTS,
                "its id is that of 'orders'",
                controller.restoreTopic(before, restored("other")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        a b | contains characters
        ..  | '..' is not allowed
        a_b | collides with existing topic: a.b
        """)
    void namesAreCheckedAsForANewTopic(String name, String reason) {
        assertRefused(ErrorCode.INVALID_TOPIC_EXCEPTION, reason, controller.restoreTopic(deleted, restored(name)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000_001, Integer.MAX_VALUE})
    void aNumberOfPartitionsThatNoTopicHasIsRefusedBeforeMemoryIsTaken(int partitions) {
        RestoredTopic topic = new RestoredTopic("orders", ID, 0, Map.of(), Collections.nCopies(partitions, on(1)));
        assertRefused(ErrorCode.INVALID_PARTITIONS, "" + partitions, controller.restoreTopic(deleted, topic));
    }
}

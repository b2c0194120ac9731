package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.metadata.Controller.NewTopic;
import io.milena.metadata.Controller.RestoredTopic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
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
        return new RestoredTopic(name, ID, 3, 0, SETTINGS);
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
        // Given three brokers, of which this one has the data
        Controller second = new Controller(new ControllerSettings(2, 4, (short) 3, 1, false));
        ClusterImage three = ClusterImage.EMPTY;
        for (int id = 1; id <= 3; id++) {
            three = three.replay(List.of(registration(id, false)));
        }
        // When
        ClusterImage image =
                three.replay(second.restoreTopic(three, restored("orders")).records());
        // Then
        Topic topic = image.topic(ID);
        assertNotNull(topic);
        for (PartitionRecord partition : topic.partitions()) {
            assertEquals(List.of(2), partition.replicas());
            assertEquals(List.of(2), partition.isr());
            assertEquals(2, partition.leader());
        }
        // And not while it cannot lead
        ClusterImage fenced = three.replay(List.of(registration(2, true)));
        assertRefused(ErrorCode.BROKER_NOT_AVAILABLE, "on broker 2", second.restoreTopic(fenced, restored("orders")));
    }

    @Test
    void leaderEpochsDoNotGoBack() {
        RestoredTopic topic = new RestoredTopic("orders", ID, 2, 5, Map.of());
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
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 1_000_001, Integer.MAX_VALUE})
    void aNumberOfPartitionsThatNoTopicHasIsRefusedBeforeMemoryIsTaken(int partitions) {
        RestoredTopic topic = new RestoredTopic("orders", ID, partitions, 0, Map.of());
        assertRefused(ErrorCode.INVALID_PARTITIONS, "" + partitions, controller.restoreTopic(deleted, topic));
    }
}

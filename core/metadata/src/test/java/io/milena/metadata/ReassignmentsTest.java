package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse.ReassignablePartitionResponse;
import io.milena.protocol.message.ListPartitionReassignmentsRequest;
import io.milena.protocol.message.ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics;
import io.milena.protocol.message.ListPartitionReassignmentsResponse.OngoingPartitionReassignment;
import io.milena.protocol.message.ListPartitionReassignmentsResponse.OngoingTopicReassignment;
import io.milena.protocol.record.PartitionRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Given a partition on brokers 0, 1 and 2 of six. */
class ReassignmentsTest {
    private final TestCluster cluster = TestCluster.of(6).topic(0, 1, 2);
    private final Reassignments reassignments = new Reassignments(cluster.settings);

    private ReassignablePartitionResponse alter(
            String topic, int partition, boolean allowsOtherFactor, @Nullable List<Integer> target) {
        var outcome = reassignments.alter(
                cluster.image,
                AlterPartitionReassignmentsRequest.builder()
                        .allowReplicationFactorChange(allowsOtherFactor)
                        .topics(List.of(
                                new ReassignableTopic(topic, List.of(new ReassignablePartition(partition, target)))))
                        .build());
        cluster.replay(outcome.records());
        return outcome.answer().responses().getFirst().partitions().getFirst();
    }

    private void alter(Integer... target) {
        assertEquals(0, alter("t", 0, true, List.of(target)).errorCode());
    }

    /** As in {@code 3,1,2,0 +3 -0}. */
    private String assignment() {
        PartitionRecord partition = cluster.partition();
        return text(partition.replicas(), "")
                + text(partition.addingReplicas(), " +")
                + text(partition.removingReplicas(), " -");
    }

    private static String text(List<Integer> ids, String prefix) {
        return ids.isEmpty()
                ? ""
                : prefix + String.join(",", ids.stream().map(String::valueOf).toList());
    }

    @Test
    void theOldOnesGoWhenTheNewOnesAreInSync() {
        alter(3, 4, 2);
        assertEquals("3,4,2,0,1 +3,4 -0,1", assignment());
        assertEquals("leader 0 epoch 0 isr 0,1,2", cluster.story());
        cluster.alterIsr(cluster.partition(), List.of(0, 1, 2, 3));
        assertEquals("3,4,2,0,1 +3,4 -0,1", assignment());
        var last = cluster.alterIsr(cluster.partition(), List.of(0, 1, 2, 3, 4));
        assertEquals("3,4,2", assignment());
        assertEquals("leader 3 epoch 1 isr 2,3,4", cluster.story());
        assertEquals(
                ErrorCode.NEW_LEADER_ELECTED.code(), last.errorCode(), "the leader learns that it is none any more");
    }

    @Test
    void aLeaderThatStaysGetsANewEpochWhenReplicasGo() {
        alter(0, 1, 3);
        cluster.alterIsr(cluster.partition(), List.of(0, 1, 2, 3));
        assertEquals("0,1,3", assignment());
        assertEquals("leader 0 epoch 1 isr 0,1,3", cluster.story());
    }

    @Test
    void fewerReplicasAreThereAtOnceIfAllAreInSync() {
        alter(1, 2);
        assertEquals("1,2", assignment());
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
    }

    @Test
    void whoIsToStayMustBeInSyncBeforeOthersGo() {
        cluster.fence(2);
        cluster.unfence(2);
        alter(1, 2);
        assertEquals("1,2,0 -0", assignment());
        cluster.alterIsr(cluster.partition(), List.of(0, 1, 2));
        assertEquals("1,2", assignment());
    }

    @Test
    void anotherOrderIsANewPreferredLeaderAndNoElection() {
        alter(2, 0, 1);
        assertEquals("2,0,1", assignment());
        assertEquals("leader 0 epoch 0 isr 0,1,2", cluster.story());
    }

    @Test
    void aBrokerThatIsAloneKeepsWhatItHas() {
        ControllerSettings settings = ControllerSettings.of(1, 1);
        ClusterImage image = ClusterImage.EMPTY;
        image = image.replay(new Controller(1, 1)
                .createTopic(image, new Controller.NewTopic("t", 1, (short) 1, Map.of(), Map.of()), TestCluster.TOPIC)
                .records());
        Reassignments alone = Reassignments.ofOneBroker(settings);
        for (List<Integer> target : List.of(List.of(1), List.of(2), List.of(1, 2))) {
            var outcome = alone.alter(
                    image,
                    AlterPartitionReassignmentsRequest.builder()
                            .topics(List.of(new ReassignableTopic("t", List.of(new ReassignablePartition(0, target)))))
                            .build());
            ErrorCode expected = target.equals(List.of(1)) ? ErrorCode.NONE : ErrorCode.INVALID_REPLICA_ASSIGNMENT;
            assertEquals(
                    expected.code(),
                    outcome.answer()
                            .responses()
                            .getFirst()
                            .partitions()
                            .getFirst()
                            .errorCode());
            assertEquals(List.of(), outcome.records());
        }
    }

    @Test
    void aReassignmentCanBeCalledOff() {
        alter(3, 4, 2);
        cluster.alterIsr(cluster.partition(), List.of(0, 1, 2, 3));
        assertEquals(0, alter("t", 0, true, null).errorCode());
        assertEquals("2,0,1", assignment());
        assertEquals("leader 0 epoch 1 isr 0,1,2", cluster.story());
        assertEquals("85 No partition reassignment is in progress.", answer(alter("t", 0, true, null)));
    }

    @Test
    void aReassignmentCanBeSentElsewhere() {
        alter(3, 1, 2);
        alter(5, 1, 2);
        assertEquals("5,1,2,3,0 +5 -0,3", assignment());
        alter(0, 1, 2);
        assertEquals("0,1,2", assignment());
        assertEquals("leader 0 epoch 1 isr 0,1,2", cluster.story());
    }

    @Test
    void callingOffWhenOnlyNewOnesAreInSyncWouldBeUnclean() {
        alter(3, 4, 5);
        cluster.alterIsr(cluster.partition(), List.of(0, 3));
        cluster.fence(0);
        assertEquals("leader 3 epoch 1 isr 3", cluster.story());
        assertEquals(
                "39 Unable to revert partition assignment for t:0 because it would require an unclean leader election.",
                answer(alter("t", 0, true, null)));
    }

    private static String answer(ReassignablePartitionResponse response) {
        return response.errorCode() + " " + response.errorMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        x | 0 | true  | 0,1   | 3 Unable to find a topic named x.
        t | 7 | true  | 0,1   | 3 Unable to find partition t:7.
        t | 0 | true  | ""    | 39 The manual partition assignment includes an empty replica list.
        t | 0 | true  | 1,1   | 39 The manual partition assignment includes the broker 1 more than once.
        t | 0 | true  | 1,9   | 39 The manual partition assignment includes broker 9, but no such broker is registered.
        t | 0 | false | 1,2   | 38 The replication factor is changed from 3 to 2
        """)
    void whatCannotBeIsRefused(String topic, int partition, boolean allowsOtherFactor, String target, String said) {
        List<Integer> brokers = target.isEmpty()
                ? List.of()
                : Arrays.stream(target.split(",")).map(Integer::valueOf).toList();
        assertEquals(said, answer(alter(topic, partition, allowsOtherFactor, brokers)));
        assertEquals("0,1,2", assignment());
    }

    @Test
    void thoseUnderWayAreListed() {
        assertEquals(List.of(), list(null));
        alter(3, 1, 2);
        var expected = List.of(new OngoingTopicReassignment(
                "t", List.of(new OngoingPartitionReassignment(0, List.of(3, 1, 2, 0), List.of(3), List.of(0)))));
        assertEquals(expected, list(null));
        assertEquals(expected, list(List.of(new ListPartitionReassignmentsTopics("t", List.of(0, 9)))));
        assertEquals(List.of(), list(List.of(new ListPartitionReassignmentsTopics("x", List.of(0)))));
    }

    private List<OngoingTopicReassignment> list(@Nullable List<ListPartitionReassignmentsTopics> topics) {
        return reassignments
                .list(cluster.image, new ListPartitionReassignmentsRequest(0, topics))
                .topics();
    }
}

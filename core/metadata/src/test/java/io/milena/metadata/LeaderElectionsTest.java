package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ElectLeadersRequest;
import io.milena.protocol.message.ElectLeadersRequest.TopicPartitions;
import io.milena.protocol.message.ElectLeadersResponse;
import io.milena.protocol.message.ElectLeadersResponse.PartitionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaderElectionsTest {
    private final TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);

    private ElectLeadersResponse elect(byte type, @Nullable List<TopicPartitions> partitions) {
        var outcome = new LeaderElections(cluster.settings)
                .elect(cluster.image, new ElectLeadersRequest(type, partitions, 0));
        cluster.replay(outcome.records());
        return outcome.answer();
    }

    private PartitionResult electOne(byte type) {
        return elect(type, List.of(new TopicPartitions("t", List.of(0))))
                .replicaElectionResults()
                .getFirst()
                .partitionResult()
                .getFirst();
    }

    private void loseTheLeadership() {
        cluster.fence(0);
        cluster.unfence(0);
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
    }

    @Test
    void thePreferredReplicaLeadsAgainWhenItIsInSync() {
        loseTheLeadership();
        assertEquals(
                ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE.code(),
                electOne(LeaderElections.PREFERRED).errorCode());
        cluster.alterIsr(cluster.partition(), List.of(1, 2, 0));
        assertEquals(ErrorCode.NONE.code(), electOne(LeaderElections.PREFERRED).errorCode());
        assertEquals("leader 0 epoch 2 isr 1,2,0", cluster.story());
        assertEquals(
                ErrorCode.ELECTION_NOT_NEEDED.code(),
                electOne(LeaderElections.PREFERRED).errorCode());
    }

    @Test
    void anUncleanElectionIsForPartitionsWithoutLeader() {
        assertEquals(
                ErrorCode.ELECTION_NOT_NEEDED.code(),
                electOne(LeaderElections.UNCLEAN).errorCode());
        cluster.fence(1);
        cluster.fence(2);
        cluster.fence(0);
        assertEquals(
                ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE.code(),
                electOne(LeaderElections.UNCLEAN).errorCode());
        cluster.unfence(2);
        assertEquals("leader -1 epoch 1 isr 0", cluster.story());
        assertEquals(ErrorCode.NONE.code(), electOne(LeaderElections.UNCLEAN).errorCode());
        assertEquals("leader 2 epoch 2 isr 2 recovering", cluster.story());
    }

    @Test
    void whatIsUnknownIsRefused() {
        ElectLeadersResponse answer = elect(
                LeaderElections.PREFERRED,
                List.of(new TopicPartitions("t", List.of(9)), new TopicPartitions("x", List.of(0))));
        List<String> said = new ArrayList<>();
        answer.replicaElectionResults()
                .forEach(topic -> topic.partitionResult()
                        .forEach(result -> said.add(result.errorCode() + " " + result.errorMessage())));
        assertEquals(List.of("3 No such partition as t-9", "3 No such topic as x"), said);
        assertEquals(ErrorCode.INVALID_REQUEST.code(), elect((byte) 7, null).errorCode());
    }

    @Test
    void ofAllPartitionsOnlyThoseThatNeedOneAreAnswered() {
        loseTheLeadership();
        cluster.topic("u", new UUID(2, 2), Map.of(), List.of(List.of(1, 2)));
        cluster.alterIsr(cluster.partition(), List.of(0, 1, 2));
        ElectLeadersResponse answer = elect(LeaderElections.PREFERRED, null);
        assertEquals(1, answer.replicaElectionResults().size());
        assertEquals("t", answer.replicaElectionResults().getFirst().topic());
        assertEquals("leader 0 epoch 2 isr 0,1,2", cluster.story());
        assertEquals(List.of(), elect(LeaderElections.PREFERRED, null).replicaElectionResults());
    }

    @Test
    void preferredLeadersGetBackWhatTooManyOthersLead() {
        TestCluster many = TestCluster.of(3);
        List<List<Integer>> replicas = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            replicas.add(List.of(0, 1, 2));
        }
        many.topic("t", TestCluster.TOPIC, Map.of(), replicas);
        ClusterImage before = many.image;
        LeaderBalance tolerant = new LeaderBalance(many.settings, 30);
        assertEquals(List.of(), tolerant.prefer(before, 100));
        many.fence(0);
        many.unfence(0);
        assertEquals(List.of(), tolerant.prefer(many.image, 100), "none of them is in sync");
        for (int i = 0; i < 10; i++) {
            many.alterIsr(many.partition("t", i), List.of(0, 1, 2));
        }
        many.replay(tolerant.prefer(many.image, 7));
        assertEquals(3, many.image.partitionsLedByOthers().size());
        assertEquals(List.of(), tolerant.prefer(many.image, 100), "three of ten are not too many");
        many.replay(new LeaderBalance(many.settings, 10).prefer(many.image, 100));
        assertEquals(List.of(), many.image.partitionsLedByOthers());
    }

    @Test
    void anybodyLeadsOnceThatIsAllowed() {
        cluster.fence(1);
        cluster.fence(2);
        cluster.fence(0);
        cluster.unfence(2);
        LeaderBalance balance = new LeaderBalance(cluster.settings, 10);
        assertEquals(List.of(), balance.leadAgain(cluster.image, 10));
        cluster.replay(cluster.controller
                .configure(
                        cluster.image,
                        ClusterImage.Resource.topic("t"),
                        Map.of("unclean.leader.election.enable", "true"))
                .records());
        cluster.replay(balance.leadAgain(cluster.image, 10));
        assertEquals("leader 2 epoch 2 isr 2 recovering", cluster.story());
    }
}

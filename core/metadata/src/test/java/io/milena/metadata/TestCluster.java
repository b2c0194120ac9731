package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.milena.metadata.Controller.NewTopic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.message.AlterPartitionRequest;
import io.milena.protocol.message.AlterPartitionResponse;
import io.milena.protocol.message.BrokerHeartbeatRequest;
import io.milena.protocol.message.BrokerHeartbeatResponse;
import io.milena.protocol.message.BrokerRegistrationRequest;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A controller with its image and its clock, as the host would hold them: what is decided is replayed. */
final class TestCluster {
    static final String CLUSTER_ID = "cluster";
    static final long SESSION_MS = 9_000;
    static final long GRACE_MS = 500;
    static final UUID TOPIC = new UUID(1, 1);

    final ControllerSettings settings;
    final Controller controller;
    final BrokerLiveness liveness = new BrokerLiveness(SESSION_MS, GRACE_MS);
    final BrokerChanges changes;
    final BrokerHeartbeats heartbeats;
    final Registrations registrations;
    /** All records since the beginning. */
    final List<Message> log = new ArrayList<>();

    ClusterImage image = ClusterImage.EMPTY;
    long nowMs = 1_000;

    TestCluster(ControllerSettings settings) {
        this.settings = settings;
        this.controller = new Controller(settings);
        this.changes = new BrokerChanges(settings);
        this.heartbeats = new BrokerHeartbeats(settings);
        this.registrations = new Registrations(CLUSTER_ID, settings);
    }

    /** Brokers 0 to {@code brokers} - 1, unfenced, rack by rack if there are any. */
    static TestCluster of(int brokers, String... racks) {
        TestCluster cluster = new TestCluster(new ControllerSettings(3000, 1, (short) 1, 1, false));
        for (int id = 0; id < brokers; id++) {
            cluster.start(id, racks.length == 0 ? null : racks[id % racks.length]);
        }
        return cluster;
    }

    TestCluster withEligibleLeaders() {
        replay(List.of(new FeatureLevelRecord("eligible.leader.replicas.version", (short) 1)));
        return this;
    }

    void replay(List<Message> records) {
        image = image.replay(records);
        log.addAll(records);
    }

    long lastOffset() {
        return log.size() - 1L;
    }

    static BrokerRegistrationRequest.Builder registration(int id, UUID incarnation) {
        return BrokerRegistrationRequest.builder()
                .brokerId(id)
                .clusterId(CLUSTER_ID)
                .incarnationId(incarnation)
                .features(List.of(
                        new BrokerRegistrationRequest.Feature("metadata.version", (short) 7, (short) 33),
                        new BrokerRegistrationRequest.Feature(
                                "eligible.leader.replicas.version", (short) 0, (short) 1)))
                .listeners(
                        List.of(new BrokerRegistrationRequest.Listener("PLAINTEXT", "localhost", 9092 + id, (short) 0)))
                .logDirs(List.of(new UUID(100 + id, 1), new UUID(100 + id, 2)))
                .previousBrokerEpoch(-1);
    }

    Registrations.Registered register(BrokerRegistrationRequest request) {
        var outcome = registrations.register(image, liveness, request, log.size(), nowMs);
        replay(outcome.records());
        return outcome.answer();
    }

    /** Registers anew, after a clean end if it was there before, and unfences. */
    void start(int id, @Nullable String rack) {
        RegisterBrokerRecord before = image.broker(id);
        BrokerRegistrationRequest request = registration(id, new UUID(id, log.size() + 1L))
                .rack(rack)
                .previousBrokerEpoch(before == null ? -1 : before.brokerEpoch())
                .build();
        assertEquals(0, register(request).response().errorCode());
        assertEquals(0, heartbeat(id).errorCode());
    }

    BrokerHeartbeatResponse heartbeat(int id) {
        return heartbeat(beat(id).build());
    }

    BrokerHeartbeatRequest.Builder beat(int id) {
        return BrokerHeartbeatRequest.builder()
                .brokerId(id)
                .brokerEpoch(epoch(id))
                .currentMetadataOffset(lastOffset());
    }

    BrokerHeartbeatResponse heartbeat(BrokerHeartbeatRequest request) {
        var outcome = heartbeats.answer(image, liveness, request, lastOffset(), nowMs);
        replay(outcome.records());
        return outcome.answer();
    }

    long epoch(int id) {
        RegisterBrokerRecord broker = image.broker(id);
        return broker == null ? -1 : broker.brokerEpoch();
    }

    void fence(Integer... brokers) {
        replay(changes.fence(image, List.of(brokers)));
    }

    void unfence(int broker) {
        replay(changes.unfence(image, broker));
    }

    /** Topic "t" with one partition on the given brokers. */
    TestCluster topic(Integer... replicas) {
        return topic("t", TOPIC, Map.of(), List.of(List.of(replicas)));
    }

    TestCluster topic(
            String name, UUID id, Map<String, @Nullable String> configs, List<List<Integer>> replicasByPartition) {
        Map<Integer, List<Integer>> assignments = new HashMap<>();
        for (int i = 0; i < replicasByPartition.size(); i++) {
            assignments.put(i, replicasByPartition.get(i));
        }
        Decision decision = controller.createTopic(image, new NewTopic(name, -1, (short) -1, assignments, configs), id);
        assertEquals(ErrorCode.NONE, decision.error(), () -> String.valueOf(decision.message()));
        replay(decision.records());
        return this;
    }

    PartitionRecord partition() {
        return partition("t", 0);
    }

    PartitionRecord partition(String topic, int index) {
        PartitionRecord partition = image.partition(topic, index);
        assertNotNull(partition);
        return partition;
    }

    /** The leader says who is in sync. */
    AlterPartitionResponse.PartitionData alterIsr(PartitionRecord partition, List<Integer> isr) {
        return alter(
                partition.leader(), partition.topicId(), change(partition, isr).build());
    }

    AlterPartitionRequest.PartitionData.Builder change(PartitionRecord partition, List<Integer> isr) {
        return AlterPartitionRequest.PartitionData.builder()
                .partitionIndex(partition.partitionId())
                .leaderEpoch(partition.leaderEpoch())
                .partitionEpoch(partition.partitionEpoch())
                .newIsrWithEpochs(isr.stream()
                        .map(id -> new AlterPartitionRequest.BrokerState(id, epoch(id)))
                        .toList());
    }

    AlterPartitionResponse.PartitionData alter(int broker, UUID topic, AlterPartitionRequest.PartitionData change) {
        var outcome = new IsrChanges(settings)
                .alter(
                        image,
                        new AlterPartitionRequest(
                                broker,
                                epoch(broker),
                                List.of(new AlterPartitionRequest.TopicData(topic, List.of(change)))),
                        (short) 3);
        replay(outcome.records());
        return outcome.answer().topics().getFirst().partitions().getFirst();
    }

    /** As in {@code leader 1 epoch 2 isr 1,2 elr 0}. */
    String story() {
        PartitionRecord partition = partition();
        String eligible =
                PartitionChange.ids(partition.eligibleLeaderReplicas()).isEmpty()
                        ? ""
                        : " elr " + list(PartitionChange.ids(partition.eligibleLeaderReplicas()));
        String last = PartitionChange.ids(partition.lastKnownElr()).isEmpty()
                ? ""
                : " last " + list(PartitionChange.ids(partition.lastKnownElr()));
        return "leader " + partition.leader() + " epoch " + partition.leaderEpoch() + " isr " + list(partition.isr())
                + eligible + last + (partition.leaderRecoveryState() == 1 ? " recovering" : "");
    }

    private static String list(List<Integer> ids) {
        return String.join(",", ids.stream().map(String::valueOf).toList());
    }
}

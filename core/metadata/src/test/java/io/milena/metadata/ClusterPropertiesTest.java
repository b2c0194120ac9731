package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage.Topic;
import io.milena.metadata.Controller.NewTopic;
import io.milena.protocol.Message;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.milena.protocol.message.BrokerHeartbeatRequest;
import io.milena.protocol.message.ElectLeadersRequest;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds after any sequence of commands, whoever sends them and however foolish they are. */
class ClusterPropertiesTest {
    private static final int BROKERS = 6;

    @Test
    void aClusterStaysSoundWhateverHappens() {
        Seeds.each(ClusterPropertiesTest.class, 20, seed -> {
            Random random = new Random(seed);
            boolean hasEligibleLeaders = random.nextBoolean();
            boolean allowsUnclean = random.nextInt(4) == 0;
            TestCluster cluster =
                    new TestCluster(new ControllerSettings(3000, 3, (short) 3, 1 + random.nextInt(3), allowsUnclean));
            if (hasEligibleLeaders) {
                cluster.replay(List.of(new FeatureLevelRecord("eligible.leader.replicas.version", (short) 1)));
            }
            for (int id = 0; id < BROKERS; id++) {
                cluster.start(id, "rack" + id % 3);
            }
            for (int step = 0; step < 250; step++) {
                ClusterImage before = cluster.image;
                step(cluster, random, new UUID(seed, step));
                assertGrown(before, cluster.image);
                assertSound(cluster.image, hasEligibleLeaders);
                assertIndexed(cluster.image);
            }
            assertEquals(
                    cluster.image.snapshot(),
                    ClusterImage.EMPTY.replay(cluster.log).snapshot());
            ClusterImage again = ClusterImage.EMPTY.replay(viaBytes(cluster.image.snapshot()));
            assertEquals(cluster.image.snapshot(), again.snapshot());
            assertIndexed(again);
        });
    }

    /** Without crashes that lose what was confirmed, somebody who has everything is always known. */
    @Test
    void enoughReplicasThatHaveEverythingAreKnown() {
        Seeds.each(ClusterPropertiesTest.class, 20, seed -> {
            Random random = new Random(seed);
            int minInsync = 1 + random.nextInt(3);
            TestCluster cluster = new TestCluster(new ControllerSettings(3000, 3, (short) 3, minInsync, false));
            cluster.replay(List.of(new FeatureLevelRecord("eligible.leader.replicas.version", (short) 1)));
            for (int id = 0; id < BROKERS; id++) {
                cluster.start(id, null);
            }
            cluster.replay(create(cluster, random, new UUID(seed, 1)));
            for (int step = 0; step < 200; step++) {
                int broker = random.nextInt(BROKERS);
                switch (random.nextInt(4)) {
                    case 0 -> cluster.fence(broker);
                    case 1 -> cluster.unfence(broker);
                    case 2 -> cluster.replay(cluster.changes.beginShutdown(cluster.image, broker));
                    default -> alterIsr(cluster, random);
                }
                if (!cluster.image.isActive(broker) && random.nextInt(3) == 0) {
                    cluster.nowMs += TestCluster.SESSION_MS;
                    cluster.start(broker, null);
                }
                for (PartitionRecord partition : all(cluster.image, p -> true)) {
                    int known = partition.isr().size()
                            + PartitionChange.ids(partition.eligibleLeaderReplicas())
                                    .size();
                    int wanted = Math.min(minInsync, partition.replicas().size());
                    assertTrue(known >= wanted, partition::toString);
                }
            }
        });
    }

    private static List<Message> viaBytes(List<Message> records) {
        return MetadataRecords.encode(records).stream()
                .flatMap(bytes -> MetadataRecords.decode(bytes).stream())
                .toList();
    }

    private static void step(TestCluster cluster, Random random, UUID id) {
        int broker = random.nextInt(BROKERS);
        cluster.nowMs += random.nextInt(2_000);
        switch (random.nextInt(14)) {
            case 0 -> cluster.replay(create(cluster, random, id));
            case 1 -> cluster.fence(broker, (broker + 1) % BROKERS);
            case 2 -> cluster.fence(broker);
            case 3, 4 -> cluster.heartbeat(anyHeartbeat(cluster, random, broker));
            case 5 -> restart(cluster, random, broker);
            case 6 -> {
                if (random.nextInt(5) == 0) {
                    cluster.replay(cluster.registrations
                            .unregister(cluster.image, cluster.liveness, broker)
                            .records());
                }
            }
            case 7, 8 -> alterIsr(cluster, random);
            case 9, 10 -> reassign(cluster, random);
            case 11 ->
                cluster.replay(new LeaderElections(cluster.settings)
                        .elect(cluster.image, new ElectLeadersRequest((byte) random.nextInt(2), null, 0))
                        .records());
            case 12 ->
                cluster.replay(
                        random.nextBoolean()
                                ? new LeaderBalance(cluster.settings, 10).prefer(cluster.image, 5)
                                : new LeaderBalance(cluster.settings, 10).leadAgain(cluster.image, 5));
            default -> {
                cluster.liveness.connectionBroke(broker, cluster.epoch(broker), cluster.nowMs);
                cluster.liveness.nextDeadlineMs(cluster.image);
                cluster.replay(
                        cluster.changes.fence(cluster.image, cluster.liveness.ended(cluster.image, cluster.nowMs)));
            }
        }
    }

    private static List<Message> create(TestCluster cluster, Random random, UUID id) {
        List<Topic> topics = List.copyOf(cluster.image.topics());
        if (topics.size() > 4) {
            return cluster.controller
                    .deleteTopic(
                            cluster.image,
                            topics.get(random.nextInt(topics.size())).id())
                    .records();
        }
        if (!topics.isEmpty() && random.nextInt(3) == 0) {
            Topic topic = topics.get(random.nextInt(topics.size()));
            return cluster.controller
                    .createPartitions(
                            cluster.image, topic.name(), topic.partitions().size() + 2, null)
                    .records();
        }
        NewTopic wanted = new NewTopic(
                "t" + random.nextInt(9), 1 + random.nextInt(4), (short) (1 + random.nextInt(4)), Map.of(), Map.of());
        return cluster.controller.createTopic(cluster.image, wanted, id).records();
    }

    private static BrokerHeartbeatRequest anyHeartbeat(TestCluster cluster, Random random, int broker) {
        return cluster.beat(broker)
                .wantFence(random.nextInt(8) == 0)
                .wantShutDown(random.nextInt(4) == 0)
                .currentMetadataOffset(cluster.lastOffset() - random.nextInt(3))
                .offlineLogDirs(random.nextInt(10) == 0 ? List.of(new UUID(100 + broker, 1)) : List.of())
                .build();
    }

    private static void restart(TestCluster cluster, Random random, int broker) {
        cluster.nowMs += TestCluster.SESSION_MS;
        long previous = random.nextBoolean() ? cluster.epoch(broker) : -1;
        cluster.register(TestCluster.registration(broker, new UUID(random.nextLong(), 1))
                .rack("rack" + broker % 3)
                .previousBrokerEpoch(previous)
                .build());
        cluster.heartbeat(broker);
    }

    private static void alterIsr(TestCluster cluster, Random random) {
        PartitionRecord partition = any(cluster.image, random);
        if (partition == null || cluster.image.broker(partition.leader()) == null) {
            return;
        }
        List<Integer> isr = new ArrayList<>(partition.replicas());
        isr.removeIf(id -> id != partition.leader() && random.nextInt(3) == 0);
        if (random.nextInt(3) > 0) {
            isr.removeIf(id -> !cluster.image.isActive(id));
        }
        cluster.alter(
                partition.leader(),
                partition.topicId(),
                cluster.change(partition, isr)
                        .leaderEpoch(partition.leaderEpoch() - (random.nextInt(9) == 0 ? 1 : 0))
                        .leaderRecoveryState(random.nextInt(9) == 0 ? (byte) 1 : 0)
                        .build());
    }

    private static void reassign(TestCluster cluster, Random random) {
        PartitionRecord partition = any(cluster.image, random);
        if (partition == null) {
            return;
        }
        Topic topic = cluster.image.topic(partition.topicId());
        List<Integer> target = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            target.add(random.nextInt(BROKERS));
        }
        cluster.replay(new Reassignments(cluster.settings)
                .alter(
                        cluster.image,
                        AlterPartitionReassignmentsRequest.builder()
                                .allowReplicationFactorChange(random.nextInt(4) > 0)
                                .topics(List.of(new ReassignableTopic(
                                        topic == null ? "" : topic.name(),
                                        List.of(new ReassignablePartition(
                                                partition.partitionId(), random.nextInt(4) == 0 ? null : target)))))
                                .build())
                .records());
    }

    private static @Nullable PartitionRecord any(ClusterImage image, Random random) {
        List<PartitionRecord> all = all(image, partition -> true);
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private static List<PartitionRecord> all(ClusterImage image, Predicate<PartitionRecord> which) {
        return image.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(which)
                .toList();
    }

    /** Epochs grow with every change, and a leader is never another one in the same epoch. */
    private static void assertGrown(ClusterImage before, ClusterImage after) {
        for (PartitionRecord old : all(before, partition -> true)) {
            PartitionRecord now = after.partition(old.topicId(), old.partitionId());
            if (now != null) {
                boolean isChanged = !now.equals(old);
                assertTrue(
                        isChanged
                                ? now.partitionEpoch() > old.partitionEpoch()
                                : now.partitionEpoch() == old.partitionEpoch(),
                        () -> old + " -> " + now);
                assertTrue(
                        now.leader() == old.leader()
                                ? now.leaderEpoch() >= old.leaderEpoch()
                                : now.leaderEpoch() > old.leaderEpoch(),
                        () -> old + " -> " + now);
            }
        }
    }

    private static void assertSound(ClusterImage image, boolean hasEligibleLeaders) {
        for (PartitionRecord partition : all(image, p -> true)) {
            List<Integer> eligible = PartitionChange.ids(partition.eligibleLeaderReplicas());
            String text = partition.toString();
            assertEquals(partition.replicas().size(), new HashSet<>(partition.replicas()).size(), text);
            assertEquals(partition.replicas().size(), partition.directories().size(), text);
            assertTrue(partition.replicas().containsAll(partition.isr()), text);
            assertTrue(partition.replicas().containsAll(eligible), text);
            assertTrue(partition.replicas().containsAll(partition.addingReplicas()), text);
            assertTrue(partition.replicas().containsAll(partition.removingReplicas()), text);
            assertTrue(eligible.stream().noneMatch(partition.isr()::contains), text);
            assertTrue(hasEligibleLeaders || eligible.isEmpty(), text);
            PartitionChanges changes = new PartitionChanges(image, ControllerSettings.of(3000, 1));
            boolean canBeLed = partition.isr().stream().anyMatch(id -> changes.mayLead(partition, id));
            if (partition.leader() >= 0) {
                assertTrue(partition.isr().contains(partition.leader()), text);
                assertTrue(image.isActive(partition.leader()), text);
            } else {
                assertTrue(!canBeLed, text);
                boolean isEligibleUp = eligible.stream().anyMatch(id -> changes.mayLead(partition, id));
                assertTrue(!partition.isr().isEmpty() || !isEligibleUp, text);
            }
            assertTrue(
                    !hasEligibleLeaders || partition.isr().stream().allMatch(image::isActive),
                    () -> "in sync, and not up: " + text);
        }
    }

    private static void assertIndexed(ClusterImage image) {
        for (int id = 0; id < BROKERS; id++) {
            int broker = id;
            assertEquals(all(image, partition -> partition.replicas().contains(broker)), image.partitionsOn(broker));
            assertEquals(image.partitionsOn(broker).size(), image.replicasOn(broker));
        }
        assertEquals(all(image, partition -> partition.leader() == -1), image.partitionsWithoutLeader());
        assertEquals(
                all(
                        image,
                        partition -> partition.leader() != -1
                                && partition.leader() != partition.replicas().getFirst()),
                image.partitionsLedByOthers());
        assertEquals(all(image, PartitionIndex::isReassigning), image.partitionsInReassignment());
    }
}

package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.Controller.NewTopic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.record.PartitionRecord;
import io.milena.testkit.Seeds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StripedPlacementTest {
    private static Decision create(TestCluster cluster, int partitions, int replicationFactor) {
        return cluster.controller.createTopic(
                cluster.image,
                new NewTopic("t", partitions, (short) replicationFactor, Map.of(), Map.of()),
                new UUID(3, 4));
    }

    private static List<PartitionRecord> placed(TestCluster cluster, int partitions, int replicationFactor) {
        Decision decision = create(cluster, partitions, replicationFactor);
        assertEquals(ErrorCode.NONE, decision.error(), () -> String.valueOf(decision.message()));
        cluster.replay(decision.records());
        ClusterImage.Topic topic = cluster.image.topic("t");
        return topic == null ? List.of() : topic.partitions();
    }

    @Test
    void everyRackHasAReplicaAndEveryBrokerItsShare() {
        Seeds.each(StripedPlacementTest.class, 20, seed -> {
            int racks = 2 + new Random(seed).nextInt(4);
            int brokers = racks * (1 + new Random(seed + 1).nextInt(4));
            String[] names = new String[racks];
            for (int i = 0; i < racks; i++) {
                names[i] = "rack" + i;
            }
            TestCluster cluster = TestCluster.of(brokers, names);
            int factor = Math.min(3, racks);
            Map<Integer, Integer> leaders = new HashMap<>();
            Map<Integer, Integer> replicas = new HashMap<>();
            for (PartitionRecord partition : placed(cluster, brokers * 5, factor)) {
                Set<Integer> racksOf = partition.replicas().stream()
                        .map(id -> id % racks)
                        .collect(Collectors.toCollection(HashSet::new));
                assertEquals(factor, racksOf.size(), partition::toString);
                assertEquals(partition.replicas().getFirst(), partition.leader());
                leaders.merge(partition.leader(), 1, Integer::sum);
                partition.replicas().forEach(id -> replicas.merge(id, 1, Integer::sum));
            }
            assertEquals(Set.of(5), Set.copyOf(leaders.values()));
            replicas.values()
                    .forEach(count -> assertTrue(Math.abs(count - 5 * factor) <= 5 * factor / 2, replicas::toString));
        });
    }

    @Test
    void theSameTopicIsAlwaysSpreadInTheSameWay() {
        assertEquals(
                create(TestCluster.of(6, "a", "b"), 20, 3).records(),
                create(TestCluster.of(6, "a", "b"), 20, 3).records());
    }

    @Test
    void fencedBrokersLeadNothingAndComeLast() {
        TestCluster cluster = TestCluster.of(4, "a", "b");
        cluster.fence(1);
        for (PartitionRecord partition : placed(cluster, 40, 2)) {
            assertTrue(!partition.replicas().contains(1), partition::toString);
        }
        cluster = TestCluster.of(3);
        cluster.fence(1);
        for (PartitionRecord partition : placed(cluster, 10, 3)) {
            assertTrue(partition.replicas().contains(1), partition::toString);
            assertEquals(2, partition.isr().size());
            assertTrue(partition.leader() != 1);
        }
    }

    @Test
    void moreReplicasThanBrokersAreRefusedInKafkasWords() {
        Decision decision = create(TestCluster.of(2), 1, 3);
        assertEquals(ErrorCode.INVALID_REPLICATION_FACTOR, decision.error());
        assertEquals(
                "Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because"
                        + " only 2 broker(s) are registered or some brokers have all their log directories cordoned.",
                decision.message());
        TestCluster fenced = TestCluster.of(2);
        fenced.fence(0, 1);
        assertEquals(
                "Unable to replicate the partition 1 time(s): All brokers are currently fenced, or have all their log"
                        + " directories cordoned.",
                create(fenced, 1, 1).message());
    }

    @Test
    void minusOneMeansTheDefaultFactor() {
        TestCluster cluster = new TestCluster(new ControllerSettings(3000, 6, (short) 3, 2, false));
        for (int id = 0; id < 4; id++) {
            cluster.start(id, null);
        }
        List<PartitionRecord> partitions = placed(cluster, -1, -1);
        assertEquals(6, partitions.size());
        assertEquals(3, partitions.getFirst().replicas().size());
    }

    @Test
    void morePartitionsHaveAsManyReplicasAsThoseThere() {
        TestCluster cluster = TestCluster.of(4);
        placed(cluster, 2, 3);
        cluster.replay(
                cluster.controller.createPartitions(cluster.image, "t", 5, null).records());
        assertEquals(3, cluster.partition("t", 4).replicas().size());
        Decision other = cluster.controller.createPartitions(cluster.image, "t", 6, List.of(List.of(0, 1)));
        assertEquals(
                "The manual partition assignment includes a partition with 2 replica(s), but this is not consistent with"
                        + " previous partitions, which have 3 replica(s).",
                other.message());
        assertEquals(
                ErrorCode.NONE,
                cluster.controller
                        .createPartitions(cluster.image, "t", 6, List.of(List.of(3, 2, 1)))
                        .error());
    }

    @Test
    void assignmentsByHandAreChecked() {
        TestCluster cluster = TestCluster.of(3);
        cluster.fence(2);
        assertEquals(
                "The manual partition assignment includes broker 7, but no such broker is registered.",
                byHand(cluster, List.of(0, 7)).message());
        assertEquals(
                "All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled"
                        + " shutdown.",
                byHand(cluster, List.of(2)).message());
        Decision fine = byHand(cluster, List.of(2, 0));
        assertEquals(ErrorCode.NONE, fine.error());
        cluster.replay(fine.records());
        assertEquals("leader 0 epoch 0 isr 0", cluster.story());
    }

    private static Decision byHand(TestCluster cluster, List<Integer> brokers) {
        return cluster.controller.createTopic(
                cluster.image, new NewTopic("t", -1, (short) -1, Map.of(0, brokers), Map.of()), TestCluster.TOPIC);
    }
}

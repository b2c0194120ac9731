package io.milena.metadata.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.testkit.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BalancePlanTest {
    private static final UUID TOPIC = new UUID(1, 1);
    private static final ReplicaLoads EQUAL = (topic, partition, broker) -> new ReplicaLoad(100, 10, 0);

    private final List<Message> records = new ArrayList<>();

    private BalancePlanTest brokers(int count, int racks) {
        for (int id = 0; id < count; id++) {
            records.add(RegisterBrokerRecord.builder()
                    .brokerId(id)
                    .brokerEpoch(id)
                    .rack("rack" + id % racks)
                    .fenced(false)
                    .build());
        }
        records.add(new TopicRecord("t", TOPIC));
        return this;
    }

    private void partition(int index, Integer... replicas) {
        records.add(PartitionRecord.builder()
                .topicId(TOPIC)
                .partitionId(index)
                .replicas(List.of(replicas))
                .isr(List.of(replicas))
                .leader(replicas[0])
                .build());
    }

    private ClusterImage image() {
        return ClusterImage.EMPTY.replay(records);
    }

    private static Map<Integer, Integer> replicasOf(ClusterImage image, BalancePlan plan) {
        Map<Integer, Integer> count = new TreeMap<>();
        after(image, plan).values().forEach(replicas -> replicas.forEach(id -> count.merge(id, 1, Integer::sum)));
        return count;
    }

    private static Map<Integer, List<Integer>> after(ClusterImage image, BalancePlan plan) {
        Map<Integer, List<Integer>> replicas = new TreeMap<>();
        image.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> replicas.put(partition.partitionId(), partition.replicas())));
        plan.moves().forEach(move -> {
            assertEquals(replicas.get(move.partition()), move.from());
            replicas.put(move.partition(), move.to());
        });
        return replicas;
    }

    @Test
    void aClusterThatIsEvenStaysAsItIs() {
        brokers(3, 3);
        for (int i = 0; i < 9; i++) {
            partition(i, i % 3, (i + 1) % 3);
        }
        assertEquals(
                List.of(), BalancePlan.of(image(), EQUAL, BalanceGoals.DEFAULT).moves());
    }

    @Test
    void aNewBrokerGetsItsShareInAsManyMoves() {
        brokers(4, 4);
        for (int i = 0; i < 12; i++) {
            partition(i, i % 3, (i + 1) % 3);
        }
        BalancePlan plan = BalancePlan.of(image(), EQUAL, BalanceGoals.DEFAULT);
        assertEquals(Map.of(0, 6, 1, 6, 2, 6, 3, 6), replicasOf(image(), plan));
        assertEquals(6, plan.moves().stream().mapToInt(Move::copies).sum());
        assertEquals(600, plan.bytes());
        Map<Integer, Long> leaders = after(image(), plan).values().stream()
                .collect(Collectors.groupingBy(List::getFirst, Collectors.counting()));
        assertEquals(Map.of(0, 3L, 1, 3L, 2, 3L, 3, 3L), leaders);
    }

    @Test
    void racksStayApartEvenIfOneBrokerThenHasMore() {
        brokers(4, 2);
        for (int i = 0; i < 12; i++) {
            partition(i, i % 4, (i + 1) % 4);
        }
        BalancePlan plan = BalancePlan.of(image(), EQUAL, BalanceGoals.DEFAULT.withLeaving(3));
        assertEquals(Map.of(0, 6, 1, 12, 2, 6), replicasOf(image(), plan));
    }

    @Test
    void aLeavingBrokerKeepsNothing() {
        brokers(4, 4);
        for (int i = 0; i < 12; i++) {
            partition(i, i % 4, (i + 1) % 4);
        }
        BalancePlan plan = BalancePlan.of(image(), EQUAL, BalanceGoals.DEFAULT.withLeaving(3));
        assertEquals(Set.of(0, 1, 2), replicasOf(image(), plan).keySet());
        assertEquals(Set.of(8), Set.copyOf(replicasOf(image(), plan).values()));
    }

    @Test
    void whatIsOnBrokersThatAreNotThereFindsAPlace() {
        brokers(3, 3);
        partition(0, 9, 0);
        BalancePlan plan = BalancePlan.of(image(), EQUAL, BalanceGoals.DEFAULT);
        assertEquals(1, plan.moves().size());
        assertTrue(!plan.moves().getFirst().to().contains(9));
    }

    @Test
    void leadershipIsEvenedOutWithoutCopyingAnything() {
        brokers(3, 3);
        for (int i = 0; i < 9; i++) {
            partition(i, 0, 1 + i % 2, 2 - i % 2);
        }
        BalancePlan plan = BalancePlan.of(image(), EQUAL, BalanceGoals.DEFAULT);
        assertEquals(0, plan.bytes());
        Map<Integer, Long> leaders = after(image(), plan).values().stream()
                .collect(Collectors.groupingBy(List::getFirst, Collectors.counting()));
        assertEquals(Map.of(0, 3L, 1, 3L, 2, 3L), leaders);
        assertEquals(6, plan.moves().size());
    }

    @Test
    void theLargeOneMovesFromAFullDisk() {
        brokers(2, 1);
        for (int i = 0; i < 4; i++) {
            partition(i, i < 2 ? 0 : 1);
        }
        ReplicaLoads sizes = (topic, partition, broker) -> new ReplicaLoad(partition < 2 ? 1_000 : 100, 0, 0);
        BalancePlan plan = BalancePlan.of(image(), sizes, BalanceGoals.DEFAULT);
        long[] bytes = new long[2];
        after(image(), plan)
                .forEach((partition, on) -> bytes[on.getFirst()] +=
                        sizes.of(TOPIC, partition, on.getFirst()).bytes());
        assertEquals(1_100, bytes[0]);
        assertEquals(1_100, bytes[1]);
    }

    @Test
    void noMoreMovesThanAreAllowed() {
        brokers(4, 4);
        for (int i = 0; i < 12; i++) {
            partition(i, i % 3, (i + 1) % 3);
        }
        BalancePlan plan = BalancePlan.of(image(), EQUAL, new BalanceGoals(Set.of(), 0.1, 2));
        assertEquals(2, plan.moves().stream().mapToInt(Move::copies).sum());
    }

    @Test
    void aPlanNeverMakesAnythingWorse() {
        Seeds.each(BalancePlanTest.class, 40, seed -> {
            records.clear();
            Random random = new Random(seed);
            int brokers = 4 + random.nextInt(8);
            int racks = 2 + random.nextInt(2);
            brokers(brokers, racks);
            Map<Integer, Long> sizes = new TreeMap<>();
            for (int i = 0; i < 60; i++) {
                List<Integer> ids = new ArrayList<>();
                for (int id = 0; id < brokers - random.nextInt(3); id++) {
                    ids.add(id);
                }
                Collections.shuffle(ids, random);
                partition(i, ids.subList(0, 2).toArray(Integer[]::new));
                sizes.put(i, (long) random.nextInt(1_000));
            }
            ReplicaLoads loads = (topic, partition, broker) -> new ReplicaLoad(sizes.getOrDefault(partition, 0L), 0, 0);
            BalanceGoals goals = random.nextBoolean() ? BalanceGoals.DEFAULT : BalanceGoals.DEFAULT.withLeaving(1);
            BalancePlan plan = BalancePlan.of(image(), loads, goals);
            assertEquals(plan, BalancePlan.of(image(), loads, goals));
            Map<Integer, List<Integer>> after = after(image(), plan);
            long[] bytes = new long[brokers];
            long[] before = new long[brokers];
            image().topics()
                    .forEach(topic -> topic.partitions().forEach(partition -> {
                        List<Integer> now = after.getOrDefault(partition.partitionId(), List.of());
                        assertEquals(now.size(), new HashSet<>(now).size());
                        assertTrue(now.stream().noneMatch(goals.leaving()::contains));
                        assertTrue(racks(now, racks) >= racks(partition.replicas(), racks), partition + " -> " + now);
                        long size = sizes.getOrDefault(partition.partitionId(), 0L);
                        partition.replicas().forEach(id -> before[id] += size);
                        now.forEach(id -> bytes[id] += size);
                    }));
            if (goals.leaving().isEmpty()) {
                assertTrue(spread(bytes) <= spread(before), "more even than before");
            }
        });
    }

    private static long racks(List<Integer> replicas, int racks) {
        return replicas.stream().map(id -> id % racks).distinct().count();
    }

    private static double spread(long[] loads) {
        double sum = 0;
        for (long load : loads) {
            sum += (double) load * load;
        }
        return sum;
    }
}

package io.milena.broker.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.partitions.Partition;
import io.milena.log.AppendResult;
import io.milena.log.Log;
import io.milena.log.LogReplay;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replicas of one partition on three brokers: their logs, their network and their disks are real or simulated, and only the controller is the test. */
@Timeout(120)
class ReplicationTest {
    private static final int SEEDS = 10;

    static long append(ScriptedCluster cluster, int leader, String value, boolean needsAll) {
        ByteBuffer batch = new RecordBatchBuilder()
                .append(cluster.world.clock().millis(), null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)))
                .build()
                .buffer();
        return assertInstanceOf(
                        AppendResult.Appended.class, cluster.partition(leader).append(batch, needsAll))
                .baseOffset();
    }

    /** Appends and waits until all in-sync replicas have it. */
    static void produce(ScriptedCluster cluster, int leader, String value) {
        Partition partition = cluster.partition(leader);
        cluster.world.run(() -> {
            long offset = append(cluster, leader, value, true);
            Deadline patience = Deadline.afterMs(cluster.world.clock(), 3 * ScriptedCluster.LAG_MS);
            assertTrue(partition.awaitReplicated(offset + 1, patience), value + " is not replicated");
        });
    }

    private static List<String> values(Log log, long endOffset) throws IOException {
        List<String> values = new ArrayList<>();
        LogReplay.of(
                log,
                0,
                batch -> batch.records().forEach(record -> {
                    if (record.offset() < endOffset) {
                        values.add(StandardCharsets.UTF_8
                                .decode(Objects.requireNonNull(record.value()).duplicate())
                                .toString());
                    }
                }));
        return values;
    }

    private static List<String> values(ScriptedCluster cluster, int id) {
        return cluster.world.call(() -> values(cluster.log(id), Long.MAX_VALUE));
    }

    @Test
    void whatIsAcknowledgedIsForcedOnEveryInSyncReplica() {
        Seeds.each(ReplicationTest.class, SEEDS, seed -> {
            // Given
            ScriptedCluster cluster = new ScriptedCluster(seed, 3);
            // When
            List<String> produced = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                produce(cluster, 1, "v" + i);
                produced.add("v" + i);
                for (int id = 1; id <= 3; id++) {
                    assertTrue(cluster.log(id).flushedOffset() >= produced.size(), "seed " + seed + ", broker " + id);
                }
            }
            // Then
            for (int id = 1; id <= 3; id++) {
                assertEquals(produced, values(cluster, id), "seed " + seed + ", broker " + id);
            }
            assertEquals(List.of(1, 2, 3), cluster.assignment().isr());
        });
    }

    @Test
    void aFollowerThatIsGoneHoldsNobodyUpForLongAndComesBackIntoTheSet() {
        Seeds.each(ReplicationTest.class, SEEDS, seed -> {
            // Given
            ScriptedCluster cluster = new ScriptedCluster(seed, 3);
            produce(cluster, 1, "a");
            // When
            cluster.losePower(3);
            produce(cluster, 1, "b");
            // Then
            assertEquals(List.of(1, 2), cluster.assignment().isr());
            // And
            cluster.start(3);
            cluster.world.runUntil(() -> cluster.assignment().isr().size() == 3);
            assertEquals(List.of("a", "b"), values(cluster, 3));
            produce(cluster, 1, "c");
            assertEquals(List.of("a", "b", "c"), values(cluster, 3));
        });
    }

    /** The next fetch goes without it after a moment, and must not rest at the leader while that is all that anybody waits for. */
    @Test
    void aReplicaThatIsForcedForLongReportsItRightAfterwards() {
        Seeds.each(ReplicationTest.class, SEEDS, seed -> {
            // Given two partitions with the same leader
            ScriptedCluster cluster = new ScriptedCluster(seed, 3);
            cluster.addNeighbour();
            produce(cluster, 1, "a");
            Clock clock = cluster.world.clock();
            // When a follower's disk takes long for one of them
            cluster.disk(2).faults((operation, path) -> {
                if (operation == DiskOperation.FORCE && path.toString().contains("t-0")) {
                    sleepMs(clock, 100);
                }
            });
            long start = clock.millis();
            produce(cluster, 1, "b");
            // Then
            long took = clock.millis() - start;
            assertTrue(took >= 100 && took < ScriptedCluster.FETCH_WAIT_MS, "seed " + seed + ": " + took + " ms");
        });
    }

    private static void sleepMs(Clock clock, long ms) {
        try {
            clock.sleepMs(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aDeletedTopicIsFetchedNoMore() {
        Seeds.each(ReplicationTest.class, SEEDS, seed -> {
            // Given
            ScriptedCluster cluster = new ScriptedCluster(seed, 3);
            produce(cluster, 1, "a");
            // When
            cluster.delete();
            cluster.world.run(
                    () -> cluster.world.clock().sleepMs(ScriptedCluster.LAG_MS)); // what was asked before ends
            long before = cluster.fetches(1);
            cluster.world.run(() -> cluster.world.clock().sleepMs(10L * ScriptedCluster.LAG_MS));
            // Then
            assertEquals(before, cluster.fetches(1), "seed " + seed);
        });
    }

    @Test
    void whatTheOldLeaderHadAloneIsTakenAwayAndNothingThatWasAcknowledged() {
        Seeds.each(ReplicationTest.class, SEEDS, seed -> {
            // Given a leader that goes on alone behind a cut link
            ScriptedCluster cluster = new ScriptedCluster(seed, 3);
            produce(cluster, 1, "a");
            produce(cluster, 1, "b");
            cluster.cut(1, 2);
            cluster.cut(1, 3);
            cluster.world.run(() -> {
                append(cluster, 1, "lost 1", false);
                append(cluster, 1, "lost 2", false);
            });
            cluster.world.runFor(200);
            // When another one is elected, and the old leader comes back with what it had forced
            cluster.losePower(1);
            cluster.elect(2, List.of(2, 3));
            produce(cluster, 2, "c");
            cluster.heal();
            cluster.start(1);
            cluster.world.runUntil(() -> cluster.assignment().isr().size() == 3);
            produce(cluster, 2, "d");
            // Then
            for (int id = 1; id <= 3; id++) {
                assertEquals(List.of("a", "b", "c", "d"), values(cluster, id), "seed " + seed + ", broker " + id);
            }
        });
    }

    @Test
    void aReplicaKnowsAfterACrashWhatConsumersHaveSeen() {
        Seeds.each(ReplicationTest.class, SEEDS, seed -> {
            // Given
            ScriptedCluster cluster = new ScriptedCluster(seed, 3);
            produce(cluster, 1, "a");
            cluster.world.runFor(ScriptedCluster.CHECKPOINT_MS + 1_000);
            produce(cluster, 1, "after the checkpoint");
            // When all lose power, and one comes back alone
            for (int id = 1; id <= 3; id++) {
                cluster.losePower(id);
            }
            cluster.start(2);
            // Then
            assertTrue(cluster.partition(2).highWatermark() >= 1, "seed " + seed);
        });
    }

    @Test
    void anEndThatCannotBeTakenAwayNowIsTakenAwayLater() {
        Seeds.each(ReplicationTest.class, SEEDS, seed -> {
            // Given a leader with more than the next one has
            ScriptedCluster cluster = new ScriptedCluster(seed, 3);
            produce(cluster, 1, "a");
            cluster.cut(1, 2);
            cluster.cut(1, 3);
            append(cluster, 1, "lost", false);
            cluster.world.runFor(200);
            // When it cannot be written down that something will be taken away
            cluster.disk(1)
                    .faults(DiskFaults.failing(
                            DiskOperation.FORCE, path -> path.endsWith("milena-truncation.tmp"), 0, 1));
            cluster.elect(2, List.of(2, 3));
            cluster.heal();
            produce(cluster, 2, "b");
            // Then
            cluster.world.runUntil(() -> cluster.assignment().isr().size() == 3);
            assertEquals(List.of("a", "b"), values(cluster, 1), "seed " + seed);
        });
    }
}

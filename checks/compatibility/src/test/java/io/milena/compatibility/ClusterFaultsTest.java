package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.compatibility.history.History;
import io.milena.compatibility.history.HistoryChecker;
import io.milena.simulator.AppendStory.Identity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers as processes, each on a host and a disk of its own where the machine allows it, with unmodified clients, while brokers are killed and stopped, links are cut and slow, and disks are full: from a seed, one fault after the
 * other. Afterwards what the clients saw is compared with what is there. Some of them write in transactions: appenders with an id each, appenders that fence each other, and copiers of a group.
 *
 * <p>Each fault once; {@code ./milena test --only ClusterFaultsTest --seed 7 -Dmilena.faults.seconds=600} goes on for ten minutes.
 */
class ClusterFaultsTest {
    private static final String TOPIC = "orders";
    private static final String OWN = "own";
    private static final String SHARED = "shared";
    private static final String INPUTS = "inputs";
    private static final String COPIES = "copies";
    private static final Set<String> TOPICS = Set.of(TOPIC, OWN, SHARED, INPUTS, COPIES);
    private static final int PARTITIONS = 2;
    private static final TopicPartition COMMITTED = new TopicPartition(TOPIC, 0);

    /** Of faults, each of which comes once at least; what is before and after comes on top. */
    private static final long SECONDS = Long.getLong("milena.faults.seconds", 0);

    private final long seed = Long.getLong("milena.seed", 7);
    private final long beginNanos = System.nanoTime();
    private final List<String> told = new ArrayList<>();

    @TempDir
    Path folder = Path.of("");

    @Test
    void whatWasAcknowledgedSurvivesWhateverHappensToBrokersDisksAndLinks() throws Exception {
        try (FaultStage stage = FaultStage.open(folder, new Random(seed), this::tell);
                Admin admin = Admin.create(Map.of("bootstrap.servers", stage.bootstrapServers()))) {
            tell("three brokers are ready");
            admin.createTopics(TOPICS.stream()
                            .map(topic -> new NewTopic(topic, PARTITIONS, (short) 3))
                            .toList())
                    .all()
                    .get();
            TransactionalClients clients = new TransactionalClients(stage.bootstrapServers());
            try (FaultWorkload workload = new FaultWorkload(stage.bootstrapServers(), TOPIC, PARTITIONS);
                    AppendWorkload own = new AppendWorkload(clients, Identity.OWN, OWN, PARTITIONS, seed);
                    AppendWorkload shared = new AppendWorkload(clients, Identity.SHARED, SHARED, PARTITIONS, seed);
                    PipelineWorkload copiers = new PipelineWorkload(clients, INPUTS, COPIES, PARTITIONS, seed)) {
                Workloads all = new Workloads(workload, own, shared, copiers);
                play(stage, admin, all);
                judge(admin, all);
            }
        } finally {
            System.out.println(this);
        }
    }

    /** All that clients do meanwhile. */
    private record Workloads(FaultWorkload plain, AppendWorkload own, AppendWorkload shared, PipelineWorkload copiers) {
        List<Integer> progress() {
            return List.of(plain.acknowledged(), own.commits(), shared.commits(), copiers.copied());
        }

        boolean haveGoneOnSince(List<Integer> before) {
            List<Integer> now = progress();
            return now.get(0) > before.get(0) + 20
                    && now.get(1) > before.get(1) + 2
                    && now.get(2) > before.get(2)
                    && now.get(3) > before.get(3) + 20;
        }

        @Override
        public String toString() {
            List<Integer> now = progress();
            return now.get(0) + " acknowledged, " + now.get(1) + " and " + now.get(2) + " transactions, " + now.get(3)
                    + " copied";
        }
    }

    private void play(FaultStage stage, Admin admin, Workloads workloads) throws Exception {
        recovered(admin, workloads);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        for (long round = 1; round <= stage.kinds() || System.nanoTime() < end; round++) {
            commit(stage, round);
            stage.hurt();
            recovered(admin, workloads);
            workloads.plain().askForEnds();
            assertEquals(round, committed(stage), this::toString);
        }
    }

    private void judge(Admin admin, Workloads workloads) throws InterruptedException {
        History history = workloads.plain().finish();
        tell("all clients without transactions have ended");
        assertEquals(
                List.of(),
                HistoryChecker.check(history, workloads.plain().contents()),
                () -> this + "\n" + producers(admin));
        workloads.own().finish();
        workloads.shared().finish();
        workloads.copiers().finish();
        tell("all others too: " + workloads);
    }

    private void tell(String text) {
        told.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos) + " ms: " + text);
    }

    /** All replicas are in sync again, and all clients go on. */
    private void recovered(Admin admin, Workloads workloads) {
        await("the replicas are in sync", () -> isInSync(admin));
        List<Integer> before = workloads.progress();
        tell("  the replicas are in sync");
        await("the clients go on", () -> workloads.haveGoneOnSince(before));
        tell("  all is well, " + workloads);
    }

    /** What the leaders know of producers. An epoch behind 0 says that a client took a refusal for a gap, and has sent again as new what was on its way. */
    private static String producers(Admin admin) {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList();
        try {
            return admin.describeProducers(partitions).all().get().toString();
        } catch (ExecutionException | InterruptedException e) {
            return e.toString();
        }
    }

    private static boolean isInSync(Admin admin) {
        try {
            return admin.describeTopics(TOPICS).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.isr().size() == ClusterProcesses.BROKERS);
        } catch (ExecutionException | InterruptedException e) {
            return false;
        }
    }

    private void await(String what, BooleanSupplier isReached) {
        try {
            BrokerUnderTest.await(what, isReached);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + this, e);
        }
    }

    private static KafkaConsumer<String, String> member(FaultStage stage) {
        return BrokerUnderTest.consumer(Map.of("bootstrap.servers", stage.bootstrapServers(), "group.id", "readers"));
    }

    private static void commit(FaultStage stage, long offset) {
        try (KafkaConsumer<String, String> member = member(stage)) {
            member.commitSync(Map.of(COMMITTED, new OffsetAndMetadata(offset)));
        }
    }

    private static long committed(FaultStage stage) {
        try (KafkaConsumer<String, String> member = member(stage)) {
            return member.committed(Set.of(COMMITTED)).get(COMMITTED).offset();
        }
    }

    @Override
    public String toString() {
        return "seed " + seed + ", data " + folder + "\n" + String.join("\n", told);
    }
}

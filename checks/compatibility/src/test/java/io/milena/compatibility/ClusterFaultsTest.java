package io.milena.compatibility;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.compatibility.history.History;
import io.milena.compatibility.history.HistoryChecker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers as processes, each on a host and a disk of its own where the machine allows it, with unmodified clients, while brokers are killed and stopped, links are cut and disks are full: from a seed, one fault after the other. Afterwards what
 * the clients saw is compared with what is there.
 *
 * <p>Each fault once; {@code ./milena test --only ClusterFaultsTest --seed 7 -Dmilena.faults.seconds=600} goes on for ten minutes.
 */
class ClusterFaultsTest {
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 2;
    private static final TopicPartition COMMITTED = new TopicPartition(TOPIC, 0);

    /** Of faults, each of which comes once at least; what is before and after comes on top. */
    private static final long SECONDS = Long.getLong("milena.faults.seconds", 0);

    private final long seed = Long.getLong("milena.seed", 7);
    private final Random random = new Random(seed);
    private final long beginNanos = System.nanoTime();
    private final List<String> told = new ArrayList<>();

    @TempDir
    Path folder = Path.of("");

    @AfterEach
    void unmount() {
        for (int broker = 1; broker <= ClusterProcesses.BROKERS; broker++) {
            ExternalProgram.run(List.of(
                    "umount", "--lazy", ClusterProcesses.data(folder, broker).toString()));
        }
    }

    /** A disk of its own, in memory, for each broker: a real file system that is really full. Whether this machine allows it. */
    private boolean mountDisks() throws IOException {
        for (int broker = 1; broker <= ClusterProcesses.BROKERS; broker++) {
            Path disk = Files.createDirectory(ClusterProcesses.data(folder, broker));
            if (ExternalProgram.run(List.of("mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", disk.toString()))
                            .exit()
                    != 0) {
                return false;
            }
        }
        return true;
    }

    /** Those that this machine allows. */
    private static List<Fault> possible(@Nullable TestHosts hosts, boolean hasDisks) {
        return Arrays.stream(Fault.values())
                .filter(fault -> switch (fault) {
                    case KILL, PAUSE -> true;
                    case ISOLATE, CUT_ONE_WAY, SLOW_LINKS -> hosts != null;
                    case FULL_DISK -> hasDisks;
                })
                .toList();
    }

    @Test
    void whatWasAcknowledgedSurvivesWhateverHappensToBrokersDisksAndLinks() throws Exception {
        try (TestHosts hosts = TestHosts.makeIfPossible(ClusterProcesses.BROKERS)) {
            List<Fault> faults = possible(hosts, mountDisks());
            try (ClusterProcesses cluster = ClusterProcesses.start(folder, hosts);
                    Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 3)))
                        .all()
                        .get();
                try (FaultWorkload workload = new FaultWorkload(cluster.bootstrapServers(), TOPIC, PARTITIONS)) {
                    play(faults, admin, cluster, hosts, workload);
                    History history = workload.finish();
                    tell("all clients have ended");
                    assertEquals(
                            List.of(),
                            HistoryChecker.check(history, workload.contents()),
                            () -> this + "\n" + producers(admin));
                }
            } finally {
                System.out.println(this);
            }
        }
    }

    private void play(
            List<Fault> faults,
            Admin admin,
            ClusterProcesses cluster,
            @Nullable TestHosts hosts,
            FaultWorkload workload)
            throws Exception {
        recovered(admin, workload);
        List<Fault> deck = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        for (long round = 1; round <= faults.size() || System.nanoTime() < end; round++) {
            if (deck.isEmpty()) { // each once before one comes again
                deck.addAll(faults);
                Collections.shuffle(deck, random);
            }
            commit(cluster, round);
            hurt(deck.removeLast(), cluster, hosts);
            recovered(admin, workload);
            workload.askForEnds();
            assertEquals(round, committed(cluster), this::toString);
        }
    }

    private void tell(String text) {
        told.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos) + " ms: " + text);
    }

    private void hurt(Fault fault, ClusterProcesses cluster, @Nullable TestHosts hosts) throws Exception {
        int broker = 1 + random.nextInt(ClusterProcesses.BROKERS);
        int other = 1 + (broker + random.nextInt(ClusterProcesses.BROKERS - 1)) % ClusterProcesses.BROKERS;
        long ms = 500L + random.nextInt(2_500);
        tell(fault + " broker " + broker + (fault == Fault.CUT_ONE_WAY ? " to " + other : "") + " for " + ms + " ms");
        switch (fault) {
            case KILL -> {
                cluster.kill(broker);
                goOnFor(ms);
                cluster.start(broker);
            }
            case PAUSE -> {
                cluster.pause(broker);
                goOnFor(ms);
                cluster.resume(broker);
            }
            case ISOLATE -> {
                isolate(requireNonNull(hosts), broker);
                goOnFor(ms);
                hosts.heal();
            }
            case CUT_ONE_WAY -> {
                requireNonNull(hosts).cut(broker, other);
                goOnFor(ms);
                hosts.heal();
            }
            case SLOW_LINKS -> {
                for (long left = ms; left > 0; left -= 200) {
                    isolate(requireNonNull(hosts), broker);
                    goOnFor(100);
                    hosts.heal();
                    goOnFor(100);
                }
            }
            case FULL_DISK -> {
                Path foreign = cluster.data(broker).resolve("foreign");
                fill(foreign);
                goOnFor(ms);
                Files.delete(foreign);
            }
        }
    }

    private static void isolate(TestHosts hosts, int broker) {
        for (int other = 1; other <= ClusterProcesses.BROKERS; other++) {
            if (other != broker) {
                hosts.cut(broker, other);
                hosts.cut(other, broker);
            }
        }
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (Files.size(file) == 0) {
                throw e; // not for want of space
            }
        }
    }

    /** What happens meanwhile is what the test is about. */
    private static void goOnFor(long ms) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** All replicas are in sync again, and all producers go on. */
    private void recovered(Admin admin, FaultWorkload workload) {
        await("the replicas are in sync", () -> isInSync(admin));
        long before = workload.acknowledged();
        tell("  the replicas are in sync");
        await("the producers go on", () -> workload.acknowledged() > before + 20);
        tell("  all is well, " + workload.acknowledged() + " acknowledged");
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
            return admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC).partitions().stream()
                    .allMatch(partition -> partition.isr().size() == ClusterProcesses.BROKERS);
        } catch (ExecutionException | InterruptedException e) {
            return false;
        }
    }

    private void await(String what, BooleanSupplier isReached) {
        for (int i = 0; i < 6_000 && !isReached.getAsBoolean(); i++) {
            LockSupport.parkNanos(50_000_000);
        }
        if (!isReached.getAsBoolean()) {
            throw new AssertionError("not after five minutes: " + what + "\n" + this);
        }
    }

    private static KafkaConsumer<String, String> member(ClusterProcesses cluster) {
        return BrokerUnderTest.consumer(Map.of("bootstrap.servers", cluster.bootstrapServers(), "group.id", "readers"));
    }

    private static void commit(ClusterProcesses cluster, long offset) {
        try (KafkaConsumer<String, String> member = member(cluster)) {
            member.commitSync(Map.of(COMMITTED, new OffsetAndMetadata(offset)));
        }
    }

    private static long committed(ClusterProcesses cluster) {
        try (KafkaConsumer<String, String> member = member(cluster)) {
            return member.committed(java.util.Set.of(COMMITTED)).get(COMMITTED).offset();
        }
    }

    @Override
    public String toString() {
        return "seed " + seed + ", data " + folder + "\n" + String.join("\n", told);
    }
}

package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers at their default settings, each a process of its own that leads a partition, under producers that never rest. The active controller's process is stopped for a while, and killed. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "stops our processes, not brokers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class StandstillTest {
    private static final List<Integer> STANDSTILLS_S = List.of(1, 2, 4);
    private static final long SESSION_NS = TimeUnit.SECONDS.toNanos(9);
    private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long REST_NS = 20_000_000;

    @TempDir
    static Path folder = Path.of("");

    private ClusterProcesses cluster;
    private Admin admin;
    private final Map<Integer, NumberedProducer> producers = new TreeMap<>();

    @BeforeAll
    void start() throws Exception {
        cluster = ClusterProcesses.start(folder, null);
        admin = Admin.create(Map.of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "request.timeout.ms",
                1_000,
                "retry.backoff.max.ms",
                50,
                "reconnect.backoff.max.ms",
                50));
        List<NewTopic> topics = new ArrayList<>();
        for (int leader = 1; leader <= ClusterProcesses.BROKERS; leader++) {
            topics.add(new NewTopic(topic(leader), Map.of(0, replicas(leader))));
        }
        admin.createTopics(topics).all().get();
        for (int leader = 1; leader <= ClusterProcesses.BROKERS; leader++) {
            producers.put(leader, new NumberedProducer(cluster.bootstrapServers(), topic(leader)));
        }
        awaitProgress();
    }

    @AfterAll
    void stop() {
        producers.values().forEach(NumberedProducer::close);
        admin.close();
        cluster.close();
    }

    private static String topic(int leader) {
        return "led-by-" + leader;
    }

    private static List<Integer> replicas(int leader) {
        return IntStream.range(0, ClusterProcesses.BROKERS)
                .mapToObj(i -> 1 + (leader - 1 + i) % ClusterProcesses.BROKERS)
                .toList();
    }

    private interface Question<A> {
        A ask() throws ExecutionException, InterruptedException;
    }

    /** Asks until there is an answer: who was asked may stand still. */
    private static <A> A answer(Question<A> question) throws Exception {
        long begin = System.nanoTime();
        while (true) {
            try {
                return question.ask();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() - begin > PATIENCE_NS) {
                    throw e;
                }
            }
        }
    }

    private QuorumInfo quorum() throws Exception {
        return answer(() -> admin.describeMetadataQuorum().quorumInfo().get());
    }

    /** By topic. One rises whenever another leader is chosen, and when the same is chosen again. */
    private Map<String, Integer> leaderEpochs() throws Exception {
        Map<TopicPartition, OffsetSpec> all = producers.keySet().stream()
                .collect(Collectors.toMap(
                        leader -> new TopicPartition(topic(leader), 0), leader -> OffsetSpec.latest()));
        Map<String, Integer> epochs = new TreeMap<>();
        answer(() -> admin.listOffsets(all).all().get())
                .forEach((partition, end) ->
                        epochs.put(partition.topic(), end.leaderEpoch().orElse(-1)));
        return epochs;
    }

    private int acknowledged(int leader) {
        return producers.get(leader).acknowledged().size();
    }

    /** What each broker led goes on, whoever leads it now. */
    private void awaitProgress() {
        Map<Integer, Integer> before = new TreeMap<>();
        producers.keySet().forEach(leader -> before.put(leader, acknowledged(leader)));
        long begin = System.nanoTime();
        while (before.entrySet().stream().anyMatch(entry -> acknowledged(entry.getKey()) < entry.getValue() + 100)) {
            assertTrue(System.nanoTime() - begin < PATIENCE_NS, "no progress after " + before);
            LockSupport.parkNanos(REST_NS);
        }
    }

    private static void goOnFor(int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Test
    void anActiveControllerThatStandsStillIsReplacedAndLeadsOnWhatItLedAsABroker() throws Exception {
        Map<String, Integer> before = leaderEpochs();
        QuorumInfo first = quorum();
        // When whoever is the active controller stands still, for longer and longer
        for (int seconds : STANDSTILLS_S) {
            int controller = quorum().leaderId();
            cluster.pause(controller);
            goOnFor(seconds);
            cluster.resume(controller);
            awaitProgress();
        }
        // Then others became controllers, and nothing else has changed
        assertTrue(quorum().leaderEpoch() > first.leaderEpoch(), "no other controller after " + first);
        assertEquals(before, leaderEpochs());

        // And when one dies, others lead what it led, long before its session is over
        int killed = quorum().leaderId();
        cluster.kill(killed);
        long killedNanos = System.nanoTime();
        int acknowledged = acknowledged(killed);
        while (acknowledged(killed) <= acknowledged + 1) {
            assertTrue(System.nanoTime() - killedNanos < SESSION_NS, "it was given up by its silence only");
            LockSupport.parkNanos(REST_NS);
        }
        assertNotEquals(killed, quorum().leaderId());
        assertEquals(before.get(topic(killed)) + 1, leaderEpochs().get(topic(killed)));
    }
}

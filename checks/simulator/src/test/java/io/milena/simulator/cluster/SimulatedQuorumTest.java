package io.milena.simulator.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.quorum.Leadership;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.NotLeadingException;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedEnvironment;
import io.milena.testkit.SimulatedFileSystem;
import io.milena.testkit.SimulatedProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The quorum of the simulator keeps what {@link MetadataLog} promises, as that on Apache Ratis is asked to by {@code RatisMetadataLogTest} and {@code RatisQuorumTest}. */
class SimulatedQuorumTest {
    private static final int SEEDS = 20;

    /** Three nodes of one world. */
    private static final class Nodes {
        final SimulatedEnvironment world;
        final SimulatedQuorum quorum;
        final Map<Integer, SimulatedFileSystem> disks = new TreeMap<>();
        final Map<Integer, SimulatedProcess> processes = new TreeMap<>();
        final Map<Integer, MetadataLog> logs = new TreeMap<>();
        final Map<Integer, Heard> heard = new TreeMap<>();

        Nodes(long seed) {
            world = new SimulatedEnvironment(seed);
            quorum = new SimulatedQuorum(world, List.of(1, 2, 3));
            for (int id = 1; id <= 3; id++) {
                disks.put(id, world.disk());
                start(id);
            }
        }

        void start(int id) {
            SimulatedProcess process = world.process(SimulatedQuorum.host(id), Objects.requireNonNull(disks.get(id)));
            Heard listener = new Heard();
            processes.put(id, process);
            heard.put(id, listener);
            logs.put(id, quorum.open(id, process, listener));
        }

        void kill(int id) {
            Objects.requireNonNull(processes.get(id)).kill();
        }

        MetadataLog log(int id) {
            return Objects.requireNonNull(logs.get(id));
        }

        Heard heard(int id) {
            return Objects.requireNonNull(heard.get(id));
        }

        /** Who leads in a later epoch, and knows. */
        int leader(int afterEpoch) {
            List<Integer> found = new ArrayList<>();
            world.runUntil(() -> {
                for (int id = 1; id <= 3; id++) {
                    Leadership known = heard(id).leadership;
                    boolean isNew = known.isBy(id) && known.epoch() > afterEpoch;
                    if (isNew && !Objects.requireNonNull(processes.get(id)).isDead()) {
                        found.add(id);
                    }
                }
                return !found.isEmpty();
            });
            return found.getFirst();
        }

        void append(int id, String... texts) {
            world.run(() -> log(id).append(records(texts)));
        }

        void awaitHeard(int id, String... texts) {
            world.runUntil(() -> heard(id).texts.equals(List.of(texts)));
        }

        void isolate(int id) {
            List<String> others = Stream.of(1, 2, 3)
                    .filter(other -> other != id)
                    .map(SimulatedQuorum::host)
                    .toList();
            world.network().partition(List.of(SimulatedQuorum.host(id)), others);
        }

        int other(int id) {
            return id % 3 + 1;
        }
    }

    /** Keeps what it hears, and refuses what is out of order. */
    private static final class Heard implements MetadataLog.Listener {
        final List<String> texts = new ArrayList<>();
        Leadership leadership = new Leadership(0, Leadership.NOBODY);
        long endOffset;
        int snapshots;

        @Override
        public void snapshot(long end, int epoch, List<ByteBuffer> records) {
            assertTrue(end >= endOffset);
            texts.clear();
            records.forEach(record -> texts.add(UTF_8.decode(record).toString()));
            endOffset = end;
            snapshots++;
        }

        @Override
        public void committed(long baseOffset, int epoch, long timeMs, List<ByteBuffer> records) {
            assertEquals(endOffset, baseOffset);
            records.forEach(record -> texts.add(UTF_8.decode(record).toString()));
            endOffset += records.size();
        }

        @Override
        public void leadership(Leadership next) {
            assertTrue(next.epoch() >= leadership.epoch());
            leadership = next;
        }
    }

    private static List<ByteBuffer> records(String... texts) {
        return Stream.of(texts)
                .map(text -> ByteBuffer.wrap(text.getBytes(UTF_8)))
                .toList();
    }

    private interface Scene {
        void play(Nodes nodes) throws Exception;
    }

    private static void each(Scene scene) {
        Seeds.each(SimulatedQuorumTest.class, SEEDS, seed -> {
            try {
                scene.play(new Nodes(seed));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void theListenerHasHeardOfAnAppendWhenItReturnsAndEveryoneHearsTheSame() {
        each(nodes -> {
            int leader = nodes.leader(0);
            assertEquals(nodes.log(leader).leadership(), nodes.heard(leader).leadership);
            nodes.world.run(() -> {
                assertEquals(1, nodes.log(leader).append(records("a", "b")));
                assertEquals(List.of("a", "b"), nodes.heard(leader).texts);
                assertEquals(2, nodes.log(leader).append(records("c")));
                assertEquals(3, nodes.log(leader).endOffset());
            });
            for (int id = 1; id <= 3; id++) {
                nodes.awaitHeard(id, "a", "b", "c");
            }
        });
    }

    @Test
    void onlyTheLeaderOfTheEpochAppends() {
        each(nodes -> {
            int leader = nodes.leader(0);
            int epoch = nodes.log(leader).epoch();
            nodes.world.run(() -> {
                assertThrows(
                        NotLeadingException.class,
                        () -> nodes.log(nodes.other(leader)).append(records("a"), epoch));
                assertThrows(NotLeadingException.class, () -> nodes.log(leader).append(records("b"), epoch - 1));
                assertThrows(NotLeadingException.class, () -> nodes.log(leader).append(records("c"), epoch + 1));
                assertThrows(
                        NotLeadingException.class,
                        () -> nodes.log(nodes.other(leader)).quorum());
                assertEquals(0, nodes.log(leader).append(records("d"), epoch));
                assertEquals(3, nodes.log(leader).quorum().voters().size());
            });
            assertEquals(List.of("d"), nodes.heard(leader).texts);
        });
    }

    @Test
    void anotherLeadsWhenTheLeaderIsGoneAndNothingCommittedIsLost() {
        each(nodes -> {
            int old = nodes.leader(0);
            int epoch = nodes.log(old).epoch();
            nodes.append(old, "a", "b");
            nodes.kill(old);
            int next = nodes.leader(epoch);
            assertNotEquals(old, next);
            assertEquals(List.of("a", "b"), nodes.heard(next).texts);
            nodes.append(next, "c");
            nodes.start(old);
            nodes.awaitHeard(old, "a", "b", "c");
        });
    }

    /** Whatever its former process had begun is decided in an epoch that is over. */
    @Test
    void aLeaderThatIsStartedAnewDoesNotLeadOn() {
        each(nodes -> {
            int old = nodes.leader(0);
            int epoch = nodes.log(old).epoch();
            nodes.isolate(old);
            MetadataLog former = nodes.log(old);
            Objects.requireNonNull(nodes.processes.get(old))
                    .environment()
                    .threads()
                    .start("append", () -> assertThrows(IOException.class, () -> former.append(records("a"), epoch)));
            nodes.world.runFor(10);
            nodes.kill(old);
            nodes.start(old);
            nodes.world.network().healAll();
            nodes.world.runUntil(() -> {
                assertNotEquals(new Leadership(epoch, old), nodes.heard(old).leadership);
                return nodes.quorum.leadership().epoch() > epoch;
            });
        });
    }

    @Test
    void aLeaderThatIsCutOffCommitsNothingAndGivesUp() {
        each(nodes -> {
            int old = nodes.leader(0);
            int epoch = nodes.log(old).epoch();
            nodes.append(old, "a");
            nodes.isolate(old);
            nodes.world.run(() ->
                    assertThrows(IOException.class, () -> nodes.log(old).append(records("b"), epoch)));
            nodes.world.runUntil(() -> nodes.heard(old).leadership.leaderId() == Leadership.NOBODY);
            int next = nodes.leader(epoch);
            assertNotEquals(old, next);
            nodes.append(next, "c");
            List<String> all = List.copyOf(nodes.heard(next).texts);
            assertTrue(all.equals(List.of("a", "c")) || all.equals(List.of("a", "b", "c")), all::toString);
            nodes.world.network().healAll();
            nodes.awaitHeard(old, all.toArray(String[]::new));
        });
    }

    @Test
    void anAppendWhoseLeaderIsReplacedIsThereForAllOrForNobody() {
        List<Integer> sizes = new ArrayList<>();
        each(nodes -> {
            int old = nodes.leader(0);
            int epoch = nodes.log(old).epoch();
            nodes.isolate(old);
            nodes.world.run(() ->
                    assertThrows(IOException.class, () -> nodes.log(old).append(records("b"), epoch)));
            int next = nodes.leader(epoch);
            nodes.append(next, "c");
            sizes.add(nodes.heard(next).texts.size());
        });
        assertTrue(sizes.contains(1) && sizes.contains(2), () -> "both happen: " + sizes);
    }

    @Test
    void whoWasAwayTooLongGetsASnapshot() {
        each(nodes -> {
            int leader = nodes.leader(0);
            int away = nodes.other(leader);
            nodes.kill(away);
            nodes.append(leader, "a", "b");
            nodes.world.run(() -> {
                nodes.log(leader).snapshot(records("ab"));
                assertEquals(0, nodes.log(leader).bytesSinceSnapshot());
                assertThrows(IOException.class, () -> nodes.log(leader).snapshot(1, records("a")));
            });
            nodes.append(leader, "c");
            nodes.start(away);
            nodes.awaitHeard(away, "ab", "c");
            assertEquals(3, nodes.log(away).endOffset());
            assertEquals(1, nodes.heard(away).snapshots);
            // It is its own now.
            nodes.kill(away);
            nodes.start(away);
            nodes.awaitHeard(away, "ab", "c");
        });
    }

    @Test
    void anElectionWithoutNeedFencesWhoLed() {
        each(nodes -> {
            int old = nodes.leader(0);
            int epoch = nodes.log(old).epoch();
            nodes.append(old, "a");
            nodes.quorum.disturb();
            int next = nodes.leader(epoch);
            nodes.world.run(() ->
                    assertThrows(IOException.class, () -> nodes.log(old).append(records("b"), epoch)));
            nodes.append(next, "c");
            assertEquals(List.of("a", "c"), nodes.heard(next).texts);
        });
    }

    @Test
    void whoResignsLeadsNoMoreInThatEpoch() {
        each(nodes -> {
            int old = nodes.leader(0);
            int epoch = nodes.log(old).epoch();
            nodes.world.run(() -> {
                nodes.log(old).resign(epoch - 1); // one that is over
                nodes.log(old).append(records("a"), epoch);
                nodes.log(old).resign(epoch);
            });
            int next = nodes.leader(epoch);
            nodes.world.run(() ->
                    assertThrows(NotLeadingException.class, () -> nodes.log(old).append(records("b"), epoch)));
            nodes.append(next, "c");
            assertEquals(List.of("a", "c"), nodes.heard(next).texts);
        });
    }
}

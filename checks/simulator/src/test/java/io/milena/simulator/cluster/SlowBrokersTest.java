package io.milena.simulator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage;
import io.milena.metadata.MetadataRecords;
import io.milena.protocol.Message;
import io.milena.protocol.record.BrokerRegistrationChangeRecord;
import io.milena.protocol.record.FenceBrokerRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.LinkSettings;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Three brokers at their default settings under writers that never rest: the disks and links of those that do not lead the metadata are slow, and they stand still for a while. */
class SlowBrokersTest {
    private static final int STORIES = 3;
    private static final int ROUNDS = 6;
    private static final List<Integer> IDS = List.of(1, 2, 3);
    /** With the interval of heartbeats less than the session, and so long that everything else waits for it. */
    private static final long STANDSTILL_MS = 5_000;

    private static final long SESSION_MS = 9_000;

    @Test
    void aSlowBrokerIsNeitherFencedNorOutOfSyncNorFollowedByAnotherLeader() {
        Seeds.each(SlowBrokersTest.class, STORIES, seed -> {
            Story story = new Story(seed);
            for (int round = 0; round < ROUNDS; round++) {
                List<Integer> followers = story.followers();
                story.slowDown(followers.get(round % followers.size()), STANDSTILL_MS);
            }
            assertEquals(List.of(), story.changes());
        });
    }

    /** What is counted above can be seen: a broker that stands still for longer than its session is fenced, and others lead. */
    @Test
    void oneThatStandsStillForLongerThanItsSessionIsFenced() {
        Story story = new Story(1);
        story.slowDown(story.followers().getFirst(), 2 * SESSION_MS);
        assertFalse(story.changes().isEmpty());
    }

    private static final class Story {
        private final SimulatedEnvironment world;
        private final RandomGenerator random;
        private final SimulatedQuorum quorum;
        private final List<Machine> machines = new ArrayList<>();
        private final Diary diary;
        private ClusterImage image = ClusterImage.EMPTY;
        private int entries;
        private final int entriesBefore;

        /** Up to where all is well and every writer is at work. */
        Story(long seed) {
            world = new SimulatedEnvironment(seed);
            random = world.random();
            quorum = new SimulatedQuorum(world, IDS);
            for (int id : IDS) {
                machines.add(new Machine(id, world, quorum, 1, settings()));
            }
            Watch watch = new Watch(machines, List.of());
            diary = new Diary(new Stage(world, IDS, watch, this::image, () -> false));
            machines.forEach(Machine::start);
            ClusterCreator creator = new ClusterCreator(world, IDS, Diary.TOPIC, Diary.PARTITIONS, IDS.size());
            creator.start("creator");
            until(creator::isDone);
            until(this::isWhole);
            diary.begin();
            awaitProgress();
            image();
            entriesBefore = entries;
        }

        private static Map<String, String> settings() {
            return Map.of(
                    "controller.quorum.voters",
                    String.join(
                            ",",
                            IDS.stream()
                                    .map(id -> id + "@" + SimulatedQuorum.host(id) + ":9093")
                                    .toList()),
                    "milena.cluster.id",
                    "c2ltdWxhdGVkLWNsdXN0ZQ",
                    "min.insync.replicas",
                    "2");
        }

        /** Those that do not lead the metadata: who does is replaced when it stands still, and given up with that. */
        List<Integer> followers() {
            return IDS.stream().filter(id -> !quorum.leadership().isBy(id)).toList();
        }

        /** Its disk and all links are slow from now on, and it stands still for so long. */
        void slowDown(int id, long standstillMs) {
            Machine machine = machines.get(id - 1);
            machine.faults().latency(DiskOperation.FORCE, 1_000_000 * (50 + random.nextLong(400)));
            for (Machine other : machines) {
                long latency = 1_000_000 * (1 + random.nextLong(100));
                world.network()
                        .link(
                                machine.host(),
                                other.host(),
                                LinkSettings.standard().withLatencyNanos(latency, 2 * latency));
            }
            awaitProgress();
            machine.suspend();
            long endNanos = world.clock().nanos() + standstillMs * 1_000_000;
            until(() -> world.clock().nanos() >= endNanos);
            machine.resume();
            awaitProgress();
        }

        /** Every writer has written something since. */
        private void awaitProgress() {
            List<Integer> before = diary.progress();
            until(() -> {
                List<Integer> now = diary.progress();
                for (int i = 0; i < now.size(); i++) {
                    if (now.get(i) < before.get(i) + 10) {
                        return false;
                    }
                }
                return true;
            });
        }

        private void until(BooleanSupplier condition) {
            long limitNanos = world.clock().nanos() + 120_000_000_000L;
            world.runUntil(() -> {
                assertTrue(world.clock().nanos() < limitNanos, "two minutes have passed");
                return condition.getAsBoolean();
            });
        }

        private boolean isWhole() {
            return image().topics().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.leader() >= 0 && partition.isr().size() == IDS.size());
        }

        private ClusterImage image() {
            image = image.replay(messages(entries));
            entries = quorum.size();
            return image;
        }

        private List<Message> messages(int since) {
            List<Message> messages = new ArrayList<>();
            for (SimulatedQuorum.Entry entry : quorum.since(since)) {
                entry.records()
                        .forEach(record ->
                                MetadataRecords.decode(record.duplicate()).ifPresent(messages::add));
            }
            return messages;
        }

        /** Of leaders, replicas in sync, and brokers that are counted in. */
        List<Message> changes() {
            return messages(entriesBefore).stream()
                    .filter(message -> message instanceof PartitionChangeRecord
                            || message instanceof BrokerRegistrationChangeRecord
                            || message instanceof FenceBrokerRecord)
                    .toList();
        }
    }
}

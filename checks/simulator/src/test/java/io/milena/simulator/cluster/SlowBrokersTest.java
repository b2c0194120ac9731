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

/** Three brokers at their default settings under writers that never rest: their disks and links are slow, and they stand still for a while, or die. */
class SlowBrokersTest {
    private static final int STORIES = 3;
    private static final int ROUNDS = 6;
    private static final List<Integer> IDS = List.of(1, 2, 3);
    /** With the interval of heartbeats less than the session, and so long that everything else waits for it. */
    private static final long STANDSTILL_MS = 5_000;

    private static final long SESSION_MS = 9_000;
    /** Of the active controller: each is long enough for another to be elected, and less than a session from then on. */
    private static final List<Long> STANDSTILLS_MS = List.of(1_000L, 2_000L, 4_000L, 8_000L);
    /** An election and the grace, with what the slowest link adds to that; far from a session. */
    private static final long GIVEN_UP_MS_MAX = 3_000;

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

    @Test
    void anActiveControllerThatStandsStillIsReplacedAndLeadsOnWhatItLedAsABroker() {
        Seeds.each(SlowBrokersTest.class, STORIES, seed -> {
            Story story = new Story(seed);
            for (long standstillMs : STANDSTILLS_MS) {
                int controller = story.controller();
                int elections = story.quorum.elections();
                story.slowDown(controller, standstillMs);
                assertTrue(story.quorum.elections() > elections, "nobody was elected in " + standstillMs + " ms");
            }
            assertEquals(List.of(), story.changes());
        });
    }

    /** As a loaded machine causes them: nobody has stood still for long. */
    @Test
    void anElectionByItselfChangesNothingElse() {
        Seeds.each(SlowBrokersTest.class, STORIES, seed -> {
            Story story = new Story(seed);
            for (int election = 0; election < ROUNDS; election++) {
                story.quorum.disturb();
                story.pass(3_000);
            }
            assertEquals(List.of(), story.changes());
        });
    }

    @Test
    void anActiveControllerThatDiesIsGivenUpLongBeforeItsSessionEnds() {
        Seeds.each(SlowBrokersTest.class, STORIES, seed -> {
            Story story = new Story(seed);
            story.machine(story.controller()).kill();
            story.awaitChanges(GIVEN_UP_MS_MAX);
        });
    }

    /** Its successor has never heard of it. */
    @Test
    void anActiveControllerThatDiesWhileItStandsStillIsGivenUpLongBeforeItsSessionEnds() {
        Seeds.each(SlowBrokersTest.class, STORIES, seed -> {
            Story story = new Story(seed);
            Machine controller = story.machine(story.controller());
            controller.suspend();
            story.pass(3_000);
            assertEquals(List.of(), story.changes());
            controller.kill();
            story.awaitChanges(GIVEN_UP_MS_MAX);
        });
    }

    /** Nothing tells it from one that stands still. */
    @Test
    void anActiveControllerWhoseMachineLosesPowerIsGivenUpWhenItsSessionEnds() {
        Seeds.each(SlowBrokersTest.class, STORIES, seed -> {
            Story story = new Story(seed);
            story.machine(story.controller()).losePower(story.random);
            story.pass(SESSION_MS);
            assertEquals(List.of(), story.changes());
            story.awaitChanges(GIVEN_UP_MS_MAX);
        });
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
                machines.add(new Machine(id, world, quorum, 1, Map.of("min.insync.replicas", "2")));
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

        int controller() {
            return quorum.leadership().leaderId();
        }

        Machine machine(int id) {
            return machines.get(id - 1);
        }

        void pass(long ms) {
            long endNanos = world.clock().nanos() + ms * 1_000_000;
            until(() -> world.clock().nanos() >= endNanos);
        }

        /** Somebody is given up before so much time has passed. */
        void awaitChanges(long msMax) {
            long sinceNanos = world.clock().nanos();
            until(() -> !changes().isEmpty());
            long ms = (world.clock().nanos() - sinceNanos) / 1_000_000;
            assertTrue(ms <= msMax, "only after " + ms + " ms: " + changes());
        }

        /** Those that do not lead the metadata. */
        List<Integer> followers() {
            return IDS.stream().filter(id -> !quorum.leadership().isBy(id)).toList();
        }

        /** Its disk and all links are slow from now on, and it stands still for so long. */
        void slowDown(int id, long standstillMs) {
            Machine machine = machine(id);
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
            pass(standstillMs);
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
                messages.addAll(MetadataRecords.decode(entry.records()));
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

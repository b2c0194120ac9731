package io.milena.simulator.cluster;

import io.milena.metadata.ClusterImage;
import io.milena.metadata.MetadataRecords;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionRecord;
import io.milena.simulator.History;
import io.milena.simulator.invariants.AcknowledgedIsInEveryLaterLeader;
import io.milena.simulator.invariants.AnOffsetIsGivenOnce;
import io.milena.simulator.invariants.CommittedOffsetsNeverGoBack;
import io.milena.simulator.invariants.HighWatermarkNeverGoesBack;
import io.milena.simulator.invariants.Invariant;
import io.milena.simulator.invariants.LogsAgreeBelowTheHighWatermark;
import io.milena.simulator.invariants.OneLeaderPerEpoch;
import io.milena.testkit.SimulatedEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * A cluster of three to five brokers, clients that write, read and commit, and for a while all {@link Faults}. Every invariant is asked after every step. Then nothing goes wrong any more: all replicas must come together, and
 * all clients must get on. At last the power goes everywhere, and what the disks have kept is read as a whole and judged.
 */
public final class ClusterStory {
    private static final String TOPIC = "diary";
    private static final int PARTITIONS = 2;
    private static final int REPLICAS = 3;
    private static final long TROUBLE_MS = 6_000;
    private static final long HEALING_MS_MAX = 60_000;
    /** How much every client has to get done when all is well again. */
    private static final int CALM_WORK = 3;

    private static final List<String> JOURNALS = List.of("0", "65536", "1048576");

    private final SimulatedEnvironment world;
    private final RandomGenerator random;
    private final SimulatedQuorum quorum;
    private final List<Machine> machines = new ArrayList<>();
    private final List<Integer> ids = new ArrayList<>();
    private final Faults faults;
    private final Watch watch;
    private final Complaints complaints = new Complaints();
    private final List<History> histories = new ArrayList<>();
    private final List<ClusterWriter> writers = new ArrayList<>();
    private final List<ClusterReader> readers = new ArrayList<>();
    private final List<ClusterCommitter> committers = new ArrayList<>();
    private final ClusterAdmin admin;
    private final CommittedOffsetsNeverGoBack offsets = new CommittedOffsetsNeverGoBack();
    private ClusterImage image = ClusterImage.EMPTY;
    private int imageEntries;
    private boolean isEnough;
    private long steps;

    public ClusterStory(long seed, Map<String, String> settings) {
        this(seed, settings, everyInvariant());
    }

    ClusterStory(long seed, Map<String, String> settings, List<Invariant> invariants) {
        world = new SimulatedEnvironment(seed);
        random = world.random();
        int count = 3 + random.nextInt(5) / 2;
        for (int id = 1; id <= count; id++) {
            ids.add(id);
        }
        quorum = new SimulatedQuorum(world, ids);
        Map<String, String> all = settings(settings);
        for (int id : ids) {
            machines.add(new Machine(id, world, quorum, 0.98 + 0.04 * random.nextDouble(), all));
        }
        faults = new Faults(world, quorum, machines);
        admin = new ClusterAdmin(
                world, ids, new ClusterWriter.Place(TOPIC, 0), PARTITIONS, this::image, () -> isEnough);
        watch = new Watch(machines, invariants);
    }

    /** Each with an empty memory. */
    public static List<Invariant> everyInvariant() {
        return List.of(
                new OneLeaderPerEpoch(),
                new HighWatermarkNeverGoesBack(),
                new AcknowledgedIsInEveryLaterLeader(),
                new LogsAgreeBelowTheHighWatermark(),
                new AnOffsetIsGivenOnce());
    }

    /** Impatient ones, so that much happens in a few seconds. */
    private Map<String, String> settings(Map<String, String> given) {
        Map<String, String> settings = new TreeMap<>();
        List<String> voters = ids.stream()
                .map(id -> id + "@" + SimulatedQuorum.host(id) + ":9093")
                .toList();
        settings.put("controller.quorum.voters", String.join(",", voters));
        settings.put("milena.cluster.id", "c2ltdWxhdGVkLWNsdXN0ZQ");
        settings.put("default.replication.factor", Integer.toString(REPLICAS));
        settings.put("min.insync.replicas", "2");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("auto.create.topics.enable", "false");
        settings.put("log.cleaner.enable", "false");
        settings.put("broker.heartbeat.interval.ms", "250");
        settings.put("broker.session.timeout.ms", "1200");
        settings.put("milena.broker.grace.ms", "200");
        settings.put("replica.lag.time.max.ms", "1000");
        settings.put("replica.fetch.wait.max.ms", "250");
        settings.put("replica.fetch.backoff.ms", "100");
        settings.put("replica.socket.timeout.ms", "1000");
        settings.put("milena.journal.bytes", JOURNALS.get(random.nextInt(JOURNALS.size())));
        settings.putAll(given);
        return settings;
    }

    /** Runs to the end; a broken promise is thrown. */
    public void run() {
        try {
            tell();
        } finally {
            complaints.close();
        }
    }

    private void tell() {
        machines.forEach(Machine::start);
        ClusterCreator creator = new ClusterCreator(world, ids, TOPIC, PARTITIONS, REPLICAS);
        creator.start("creator");
        watchUntil(creator::isDone, HEALING_MS_MAX, "creating a topic");
        begin();
        long endNanos = world.clock().nanos() + TROUBLE_MS * 1_000_000;
        world.runUntil(() -> {
            step();
            faults.happen();
            return world.clock().nanos() >= endNanos;
        });
        faults.end();
        List<Integer> work = progress();
        watchUntil(() -> isWhole() && hasProgressed(work), HEALING_MS_MAX, "healing");
        isEnough = true;
        watchUntil(
                () -> admin.isDone()
                        && writers.stream().allMatch(ClusterClient::isDone)
                        && readers.stream().allMatch(ClusterClient::isDone)
                        && committers.stream().allMatch(ClusterClient::isDone),
                HEALING_MS_MAX,
                "the clients' end");
        judge();
    }

    /** All clients start. */
    private void begin() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ClusterWriter.Place place = new ClusterWriter.Place(TOPIC, partition);
            History history = new History();
            histories.add(history);
            for (int i = 0; i <= partition; i++) {
                writers.add(new ClusterWriter(world, ids, place, history, watch::acknowledged, () -> isEnough));
            }
            readers.add(new ClusterReader(
                    world, ids, place, history, () -> writers.stream().allMatch(ClusterClient::isDone)));
            committers.add(new ClusterCommitter(world, ids, place, offsets, this::isCoordinator, () -> isEnough));
        }
        writers.forEach(writer -> writer.start("writer"));
        readers.forEach(reader -> reader.start("reader"));
        committers.forEach(committer -> committer.start("committer"));
        admin.start("admin");
    }

    private void step() {
        steps++;
        watch.look();
        complaints.check();
    }

    private void watchUntil(BooleanSupplier condition, long limitMs, String what) {
        long endNanos = world.clock().nanos() + limitMs * 1_000_000;
        world.runUntil(() -> {
            step();
            if (world.clock().nanos() > endNanos) {
                throw new History.Violation(what + " has not come to an end after " + limitMs + " ms: " + state());
            }
            return condition.getAsBoolean();
        });
    }

    private List<Integer> progress() {
        List<Integer> progress = new ArrayList<>();
        writers.forEach(writer -> progress.add(writer.acknowledged()));
        committers.forEach(committer -> progress.add((int) committer.confirmed()));
        return progress;
    }

    private boolean hasProgressed(List<Integer> since) {
        List<Integer> now = progress();
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i) < since.get(i) + CALM_WORK) {
                return false;
            }
        }
        return true;
    }

    /** The metadata, as far as they are committed. */
    private ClusterImage image() {
        if (imageEntries < quorum.size()) {
            List<Message> messages = new ArrayList<>();
            for (SimulatedQuorum.Entry entry : quorum.since(imageEntries)) {
                entry.records()
                        .forEach(record ->
                                MetadataRecords.decode(record.duplicate()).ifPresent(messages::add));
            }
            image = image.replay(messages);
            imageEntries = quorum.size();
        }
        return image;
    }

    private boolean isCoordinator(int broker) {
        PartitionRecord partition = image().partition("__consumer_offsets", 0);
        return partition != null && partition.leader() == broker;
    }

    /** Whether all replicas are in sync, and every partition has its leader. */
    private boolean isWhole() {
        return machines.stream().allMatch(Machine::isUp)
                && image().topics().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(partition -> partition.leader() >= 0
                                && partition.addingReplicas().isEmpty()
                                && partition.removingReplicas().isEmpty()
                                && partition.isr().size()
                                        == partition.replicas().size());
    }

    private String state() {
        StringBuilder text = new StringBuilder("metadata led by " + quorum.leadership());
        image().topics()
                .forEach(topic ->
                        topic.partitions().forEach(partition -> text.append("\n  " + topic.name() + ": " + partition)));
        machines.forEach(machine -> text.append("\n  " + machine.replicas()));
        return text + "\n  clients: " + progress();
    }

    private void judge() {
        admin.check();
        machines.forEach(machine -> machine.losePower(random));
        machines.forEach(Machine::start);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            History history = histories.get(partition);
            ClusterReader judge =
                    new ClusterReader(world, ids, new ClusterWriter.Place(TOPIC, partition), history, () -> true);
            judge.start("judge");
            watchUntil(judge::isDone, HEALING_MS_MAX, "reading everything");
            history.check(judge.log());
        }
    }

    /** How many batches were acknowledged. */
    public int acknowledged() {
        return writers.stream().mapToInt(ClusterWriter::acknowledged).sum();
    }

    /** What happened, in numbers. */
    public String summary() {
        return acknowledged() + " batches acknowledged, " + faults.count() + " faults, " + quorum.elections()
                + " elections of a controller, " + quorum.size() + " changes of metadata, " + admin.topics()
                + " topics and "
                + admin.moves() + " moves, " + steps + " steps, "
                + world.clock().nanos() / 1_000_000 + " ms";
    }

    /** A number that tells this run from others; equal for equal seeds. */
    public long trace() {
        return world.trace();
    }
}

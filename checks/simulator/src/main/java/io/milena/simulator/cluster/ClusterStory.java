package io.milena.simulator.cluster;

import io.milena.metadata.ClusterImage;
import io.milena.metadata.MetadataRecords;
import io.milena.protocol.Message;
import io.milena.simulator.AppendStory.Identity;
import io.milena.simulator.History;
import io.milena.simulator.invariants.AcknowledgedIsInEveryLaterLeader;
import io.milena.simulator.invariants.AnOffsetIsGivenOnce;
import io.milena.simulator.invariants.HighWatermarkNeverGoesBack;
import io.milena.simulator.invariants.Invariant;
import io.milena.simulator.invariants.LastStableOffsetWaitsForOpenTransactions;
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
    private static final int REPLICAS = 3;
    private static final long TROUBLE_MS = 6_000;
    private static final long HEALING_MS_MAX = 60_000;
    /** How much every client has to get done when all is well again. */
    private static final int CALM_WORK = 3;
    /** Whether something has come to an end is asked after so many steps. */
    private static final int STRIDE = 16;

    private static final List<String> JOURNALS = List.of("0", "65536", "1048576");

    private final SimulatedEnvironment world;
    private final RandomGenerator random;
    private final SimulatedQuorum quorum;
    private final List<Machine> machines = new ArrayList<>();
    private final List<Integer> ids = new ArrayList<>();
    private final Faults faults;
    private final Watch watch;
    private final Complaints complaints = new Complaints();
    private final Diary diary;
    private final List<Workload> workloads = new ArrayList<>();
    private final ClusterAdmin admin;
    private ClusterImage image = ClusterImage.EMPTY;
    private int imageEntries;
    private FaultCounts suffered = new FaultCounts();
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
        watch = new Watch(machines, invariants);
        Stage stage = new Stage(world, ids, watch, this::image, () -> isEnough);
        admin = new ClusterAdmin(stage);
        diary = new Diary(stage);
        workloads.add(diary);
        workloads.add(
                switch (random.nextInt(4)) {
                    case 0 -> new Committers(stage);
                    case 1 -> Members.consumers(stage, diary);
                    default -> Members.classic(stage, diary);
                });
        workloads.add(
                switch (random.nextInt(4)) {
                    case 0 -> new Values(stage, Identity.SHARED);
                    case 1 -> new Values(stage, Identity.OWN);
                    default -> new Copies(stage, diary);
                });
    }

    /** Each with an empty memory. */
    public static List<Invariant> everyInvariant() {
        return List.of(
                new OneLeaderPerEpoch(),
                new HighWatermarkNeverGoesBack(),
                new AcknowledgedIsInEveryLaterLeader(),
                new LogsAgreeBelowTheHighWatermark(),
                new AnOffsetIsGivenOnce(),
                new LastStableOffsetWaitsForOpenTransactions());
    }

    /** Impatient ones, so that much happens in a few seconds. */
    private Map<String, String> settings(Map<String, String> given) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("default.replication.factor", Integer.toString(REPLICAS));
        settings.put("min.insync.replicas", "2");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.num.partitions", Integer.toString(1 + random.nextInt(2)));
        settings.put("auto.create.topics.enable", "false");
        settings.put("log.cleaner.enable", "false");
        settings.put("group.initial.rebalance.delay.ms", "50");
        settings.put("group.min.session.timeout.ms", "500");
        settings.put("group.consumer.session.timeout.ms", "1000");
        settings.put("group.consumer.heartbeat.interval.ms", "200");
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
        for (Workload workload : workloads) {
            workload.topics().forEach(this::create);
        }
        workloads.forEach(Workload::begin);
        admin.start("admin");
        long endNanos = world.clock().nanos() + TROUBLE_MS * 1_000_000;
        world.runUntil(() -> {
            step();
            faults.happen();
            return world.clock().nanos() >= endNanos;
        });
        suffered = faults.counts();
        suffered.add(Fault.REASSIGNMENT, admin.moves());
        faults.end();
        List<Integer> work = progress();
        watchUntil(
                () -> {
                    faults.repair();
                    return isWhole() && hasProgressed(work);
                },
                HEALING_MS_MAX,
                "healing");
        isEnough = true;
        watchUntil(
                () -> admin.isDone() && workloads.stream().allMatch(Workload::isDone),
                HEALING_MS_MAX,
                "the clients' end");
        judge();
    }

    private void create(String topic, int partitions) {
        ClusterCreator creator = new ClusterCreator(world, ids, topic, partitions, REPLICAS);
        creator.start("creator");
        watchUntil(creator::isDone, HEALING_MS_MAX, "creating a topic");
    }

    private void step() {
        steps++;
        watch.look(world.stepped());
        complaints.check();
    }

    private void watchUntil(BooleanSupplier condition, long limitMs, String what) {
        long endNanos = world.clock().nanos() + limitMs * 1_000_000;
        world.runUntil(() -> {
            step();
            if (world.clock().nanos() > endNanos) {
                throw new History.Violation(what + " has not come to an end after " + limitMs + " ms: " + state());
            }
            return steps % STRIDE == 0 && condition.getAsBoolean();
        });
    }

    private List<Integer> progress() {
        return workloads.stream()
                .flatMap(workload -> workload.progress().stream())
                .toList();
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
                messages.addAll(MetadataRecords.decode(entry.records()));
            }
            image = image.replay(messages);
            imageEntries = quorum.size();
        }
        return image;
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
        workloads.stream()
                .filter(workload -> !workload.isDone())
                .forEach(workload ->
                        text.append("\n  at work: ").append(workload.getClass().getSimpleName()));
        return text + "\n  clients: " + progress();
    }

    private void judge() {
        admin.check();
        machines.forEach(machine -> machine.losePower(random));
        machines.forEach(Machine::start);
        List<ClusterClient> judges = workloads.stream()
                .flatMap(workload -> workload.beginToJudge().stream())
                .toList();
        watchUntil(() -> judges.stream().allMatch(ClusterClient::isDone), HEALING_MS_MAX, "reading everything");
        workloads.forEach(Workload::judge);
    }

    /** How many batches were acknowledged. */
    public int acknowledged() {
        return diary.acknowledged();
    }

    /** What has gone wrong, until nothing did any more. */
    public FaultCounts faults() {
        return suffered;
    }

    /** What happened, in numbers. */
    public String summary() {
        return acknowledged() + " batches acknowledged, progress " + progress() + ", " + faults.count() + " faults, "
                + quorum.elections()
                + " elections of a controller, " + quorum.size() + " changes of metadata, " + admin.topics()
                + " topics and "
                + admin.moves() + " moves, " + steps + " steps, "
                + world.clock().nanos() / 1_000_000 + " ms; " + suffered;
    }

    /** A number that tells this run from others; equal for equal seeds. */
    public long trace() {
        return world.trace();
    }
}

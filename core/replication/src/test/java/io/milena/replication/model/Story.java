package io.milena.replication.model;

import io.milena.replication.Follower;
import io.milena.replication.Leader;
import io.milena.replication.LogView;
import io.milena.replication.Replication;
import io.milena.replication.ReplicationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * One partition in a cluster of three to five brokers, from one seed: producers, deleted records, reassignments, elections, and all faults of the {@link Faults}. After a while nothing goes wrong any more, and all
 * replicas have to come together.
 */
final class Story {
    private static final long TROUBLE_MS = 8_000;
    private static final long CALM_MS = 5_000;

    /** Whether it is written down what happens, which takes most of the time. */
    enum Trace {
        KEPT,
        NOT_KEPT
    }

    private final World world;
    private final Machine machine;
    private final UnaryOperator<LogView> eyes;
    private final ReplicationSettings settings;
    private final ModelController controller;
    private final List<ModelBroker> brokers = new ArrayList<>();
    private final History history = new History();
    private final List<Invariant> invariants;
    private final List<ModelBroker> touched = new ArrayList<>();
    private long lastValue;

    Story(long seed, Trace trace, Machine machine, UnaryOperator<LogView> eyes, List<Invariant> invariants) {
        this.world = new World(seed, trace == Trace.KEPT);
        this.machine = machine;
        this.eyes = eyes;
        this.invariants = invariants;
        int count = 3 + world.random.nextInt(3);
        int minIsr = 1 + world.random.nextInt(3);
        settings = new ReplicationSettings(1_000, minIsr, 20 + world.random.nextInt(100));
        List<Integer> ids = IntStream.rangeClosed(1, count).boxed().toList();
        controller = new ModelController(world, ids, ids.subList(0, 3), minIsr, this::publish);
        for (int id : ids) {
            brokers.add(new ModelBroker(id, controller.brokerEpoch(id), this, controller.latest()));
        }
    }

    static Story of(long seed, Trace trace) {
        return new Story(seed, trace, Replication::handle, log -> log, everyInvariant());
    }

    static List<Invariant> everyInvariant() {
        return List.of(
                new OneLeaderPerEpoch(),
                new HighWatermarkNeverGoesBack(),
                new AcknowledgedIsInEveryLaterLeader(),
                new LogsAgreeBelowTheHighWatermark(),
                new AnOffsetIsGivenOnce());
    }

    /** What a replica sees of its log when somebody makes it wear glasses. */
    LogView view(LogView log) {
        return eyes.apply(log);
    }

    World world() {
        return world;
    }

    Machine machine() {
        return machine;
    }

    ReplicationSettings settings() {
        return settings;
    }

    ModelController controller() {
        return controller;
    }

    History history() {
        return history;
    }

    List<ModelBroker> brokers() {
        return brokers;
    }

    ModelBroker broker(int id) {
        return brokers.get(id - 1);
    }

    long nextValue() {
        return ++lastValue;
    }

    void touched(ModelBroker broker) {
        touched.add(broker);
    }

    private void publish(Metadata metadata) {
        for (ModelBroker broker : brokers) {
            world.send(World.CONTROLLER, broker.id, () -> broker.learn(metadata));
        }
    }

    /** @throws Violation when something is promised and not kept */
    void tell() {
        brokers.forEach(ModelBroker::start);
        new Faults(this).begin();
        every(50, controller::fenceTheSilent);
        every(200, this::publishAgain);
        every(15, () -> brokers.get(world.random.nextInt(brokers.size())).produce(1 + world.random.nextInt(3)));
        world.run(world.nowMs() + TROUBLE_MS, this::check);
        world.note(() -> "calm");
        world.calm();
        brokers.stream().filter(broker -> !broker.isAlive()).forEach(broker -> broker.restart(false));
        world.run(world.nowMs() + CALM_MS, this::check);
    }

    private void every(long ms, Runnable action) {
        world.after(ms, () -> {
            action.run();
            every(ms, action);
        });
    }

    /** Brokers follow the metadata log: what they have missed comes later. */
    private void publishAgain() {
        publish(controller.latest());
    }

    private void check() {
        for (ModelBroker broker : touched) {
            for (Invariant invariant : invariants) {
                invariant.check(broker, this);
            }
        }
        touched.clear();
    }

    /** What is left when it was calm for long enough: NONE, or what has not come together. */
    String unfinished() {
        var assignment = controller.assignment();
        if (assignment.leader() < 0 || !assignment.isr().containsAll(assignment.replicas())) {
            return "not all are in sync: " + assignment;
        }
        if (!(broker(assignment.leader()).state() instanceof Leader leader)
                || leader.highWatermark() < broker(assignment.leader()).log.endOffset() - 60) {
            return "the leader has not committed: "
                    + broker(assignment.leader()).state();
        }
        for (int id : assignment.replicas()) {
            if (id != assignment.leader() && !(broker(id).state() instanceof Follower)) {
                return "does not follow: " + broker(id).state();
            }
        }
        return "";
    }
}

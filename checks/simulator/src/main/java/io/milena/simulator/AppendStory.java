package io.milena.simulator;

import io.milena.simulator.anomalies.Anomaly;
import io.milena.simulator.anomalies.Checker;
import io.milena.simulator.anomalies.TransactionHistory;
import io.milena.testkit.SimulatedEnvironment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * One broker, clients that append and poll in transactions, readers of committed data, and crashes in between. When all is done the broker crashes once more, everything is read again, and the history
 * of what all have sent, seen and heard is searched for anomalies.
 */
public final class AppendStory {
    private static final String TOPIC = "values";
    private static final int KEYS = 3;
    private static final int APPENDERS = 3;
    private static final int TRANSACTIONS = 15;
    private static final int TIMEOUT_MS = 300;
    private static final int CRASHES = 8;
    private static final long CALM_MS_MAX = 60;

    private final SimulatedEnvironment world;
    private final RandomGenerator random;
    private final BrokerHost broker;
    private final Identity identity;
    private final TransactionHistory history = new TransactionHistory();
    private final List<Client> appenders = new ArrayList<>();

    /** Under which transactional ids clients write. */
    public enum Identity {
        /** All under one: they fence each other, so that transactions never overlap. */
        SHARED,
        /** Each under its own: transactions overlap, and write to partitions in any order, which Kafka does not forbid. */
        OWN;

        public String of(int client) {
            return this == SHARED ? "appender" : "appender-" + client;
        }

        private Set<Anomaly.Kind> allowed() {
            return this == SHARED
                    ? EnumSet.noneOf(Anomaly.Kind.class)
                    : EnumSet.of(Anomaly.Kind.WRITE_CYCLE, Anomaly.Kind.INFORMATION_CYCLE);
        }

        /** Every key has been read to its end: a history with an anomaly breaks a promise. */
        public void judge(TransactionHistory history) {
            history.complete();
            List<Anomaly> anomalies = Checker.check(history).stream()
                    .filter(anomaly -> !allowed().contains(anomaly.kind()))
                    .toList();
            if (!anomalies.isEmpty()) {
                throw new History.Violation(anomalies.toString());
            }
        }
    }

    public AppendStory(long seed, Identity identity, Map<String, String> brokerSettings) {
        this.identity = identity;
        this.world = new SimulatedEnvironment(seed);
        this.random = world.random();
        this.broker = new BrokerHost(world, brokerSettings);
    }

    /** Runs to the end; a broken guarantee is thrown. */
    public void run() {
        Client creator = new TopicCreator(world, TOPIC, KEYS, Map.of());
        creator.start("creator");
        world.runUntil(creator::isDone);
        for (int i = 0; i < APPENDERS; i++) {
            AtomicInteger left = new AtomicInteger(TRANSACTIONS);
            Client appender = new Worker(
                    world,
                    new Appender(identity.of(i), TIMEOUT_MS, TOPIC, KEYS, history, () -> left.getAndDecrement() <= 0));
            appender.start("appender");
            appenders.add(appender);
        }
        List<Client> readers = readers();
        for (int crashes = 0; crashes < CRASHES; crashes++) {
            world.runFor(random.nextLong(CALM_MS_MAX));
            crash();
        }
        world.runUntil(() -> isAppended() && readers.stream().allMatch(Client::isDone));
        crash();
        List<Client> judges = readers();
        world.runUntil(() -> judges.stream().allMatch(Client::isDone));
        identity.judge(history);
    }

    private List<Client> readers() {
        List<Client> readers = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            TransactionHistory.Reader reader = history.read(key, 0);
            Client client = new Worker(
                    world,
                    new CommittedReader(
                            TOPIC, key, this::isAppended, (from, records) -> reader.poll(Appender.seen(records))));
            client.start("reader");
            readers.add(client);
        }
        return readers;
    }

    private boolean isAppended() {
        return appenders.stream().allMatch(Client::isDone);
    }

    private void crash() {
        if (random.nextBoolean()) {
            broker.losePower(random);
        } else {
            broker.kill();
        }
    }

    /** How many commits were confirmed. */
    public int commits() {
        return history.commits();
    }

    /** A number that tells this run from others; equal for equal seeds. */
    public long trace() {
        return world.trace();
    }
}

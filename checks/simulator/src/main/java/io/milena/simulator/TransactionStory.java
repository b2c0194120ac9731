package io.milena.simulator;

import io.milena.testkit.SimulatedEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * One broker, clients that copy numbers in transactions under one transactional id, so that they fence each other, readers of committed data, and crashes in between. When all is copied the broker
 * crashes once more, everything is read again, and judged.
 */
public final class TransactionStory {
    private static final String OUTPUT = "copies";
    private static final int PARTITIONS = 2;
    private static final int COPIERS = 2;
    private static final int NUMBERS = 25;
    private static final int CRASHES = 8;
    private static final long CALM_MS_MAX = 60;

    private final SimulatedEnvironment world;
    private final RandomGenerator random;
    private final BrokerHost broker;
    private final Ledger ledger = new Ledger(PARTITIONS);
    private final List<Client> copiers = new ArrayList<>();

    public TransactionStory(long seed, Map<String, String> brokerSettings) {
        this.world = new SimulatedEnvironment(seed);
        this.random = world.random();
        this.broker = new BrokerHost(world, brokerSettings);
    }

    /** Runs to the end; a broken guarantee is thrown. */
    public void run() {
        Client creator = new TopicCreator(world, OUTPUT, PARTITIONS, Map.of());
        creator.start("creator");
        world.runUntil(creator::isDone);
        for (int i = 0; i < COPIERS; i++) {
            Client copier = new Copier(world, OUTPUT, PARTITIONS, ledger, NUMBERS);
            copier.start("copier");
            copiers.add(copier);
        }
        List<CommittedReader> readers = readers(new ArrayList<>());
        for (int crashes = 0; crashes < CRASHES; crashes++) {
            world.runFor(random.nextLong(CALM_MS_MAX));
            crash();
        }
        world.runUntil(() -> isCopied() && readers.stream().allMatch(Client::isDone));
        crash();
        List<List<Ledger.Entry>> logs = new ArrayList<>();
        List<CommittedReader> judges = readers(logs);
        world.runUntil(() -> judges.stream().allMatch(Client::isDone));
        ledger.check(logs, NUMBERS);
    }

    /** @param logs gets what they see, by partition */
    private List<CommittedReader> readers(List<List<Ledger.Entry>> logs) {
        List<CommittedReader> readers = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<Ledger.Entry> log = new ArrayList<>();
            logs.add(log);
            int number = partition;
            CommittedReader reader = new CommittedReader(
                    world,
                    OUTPUT,
                    partition,
                    this::isCopied,
                    records -> records.forEach(record -> {
                        Ledger.Entry entry = Ledger.Entry.of(record);
                        ledger.see(number, record.offset(), entry);
                        log.add(entry);
                    }));
            reader.start("reader");
            readers.add(reader);
        }
        return readers;
    }

    private boolean isCopied() {
        return copiers.stream().allMatch(Client::isDone);
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
        return ledger.confirmed();
    }

    /** A number that tells this run from others; equal for equal seeds. */
    public long trace() {
        return world.trace();
    }
}

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
    private static final int NUMBERS_MAX = 3;
    private static final int TIMEOUT_MS = 300;
    private static final int CRASHES = 8;
    private static final long CALM_MS_MAX = 60;

    private final SimulatedEnvironment world;
    private final RandomGenerator random;
    private final BrokerHost broker;
    private final Ledger ledger = new Ledger(1);
    private final List<Client> copiers = new ArrayList<>();

    /** All of them are there from the beginning. */
    private static final class Numbers implements Pipeline.Input {
        @Override
        public String topic() {
            return OUTPUT;
        }

        @Override
        public int partition() {
            return 0;
        }

        @Override
        public int ahead(Brokers brokers, int from) {
            return NUMBERS - from;
        }

        @Override
        public boolean isOver() {
            return true;
        }

        @Override
        public int count() {
            return NUMBERS;
        }
    }

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
        Pipeline pipeline = new Pipeline(0, new Numbers(), OUTPUT, PARTITIONS, NUMBERS_MAX, TIMEOUT_MS);
        for (int i = 0; i < COPIERS; i++) {
            Client copier = new Worker(world, new Copier(pipeline, ledger));
            copier.start("copier");
            copiers.add(copier);
        }
        List<Client> readers = readers();
        for (int crashes = 0; crashes < CRASHES; crashes++) {
            world.runFor(random.nextLong(CALM_MS_MAX));
            crash();
        }
        world.runUntil(() -> isCopied() && readers.stream().allMatch(Client::isDone));
        crash();
        List<Client> judges = readers();
        world.runUntil(() -> judges.stream().allMatch(Client::isDone));
        ledger.check(pipeline);
    }

    private List<Client> readers() {
        List<Client> readers = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Client reader =
                    new Worker(world, new CommittedReader(OUTPUT, partition, this::isCopied, ledger.reader(partition)));
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
        return ledger.confirmed(0);
    }

    /** A number that tells this run from others; equal for equal seeds. */
    public long trace() {
        return world.trace();
    }
}

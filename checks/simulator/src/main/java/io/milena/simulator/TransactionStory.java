package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
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
        Client creator = new TopicCreation();
        creator.start("creator");
        world.runUntil(creator::isDone);
        for (int i = 0; i < COPIERS; i++) {
            Client copier = new Copier(world, OUTPUT, PARTITIONS, ledger, NUMBERS);
            copier.start("copier");
            copiers.add(copier);
        }
        List<CommittedReader> readers = readers();
        for (int crashes = 0; crashes < CRASHES; crashes++) {
            world.runFor(random.nextLong(CALM_MS_MAX));
            crash();
        }
        world.runUntil(() -> isCopied() && readers.stream().allMatch(Client::isDone));
        crash();
        List<CommittedReader> judges = readers();
        world.runUntil(() -> judges.stream().allMatch(Client::isDone));
        ledger.check(judges.stream().map(CommittedReader::log).toList(), NUMBERS);
    }

    private List<CommittedReader> readers() {
        List<CommittedReader> readers = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            CommittedReader reader = new CommittedReader(world, OUTPUT, partition, ledger, this::isCopied);
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

    /** Creates the output; that it exists already is the answer to a second try. */
    private final class TopicCreation extends Client {
        TopicCreation() {
            super(world);
        }

        @Override
        boolean work(WireClient connection) throws IOException {
            CreateTopicsRequest.CreatableTopic topic = CreateTopicsRequest.CreatableTopic.builder()
                    .name(OUTPUT)
                    .numPartitions(PARTITIONS)
                    .replicationFactor((short) 1)
                    .build();
            short error = connection
                    .ask(CreateTopicsRequest.builder().topics(List.of(topic)).build(), 7, CreateTopicsResponse.class)
                    .topics()
                    .getFirst()
                    .errorCode();
            if (error != ErrorCode.NONE.code() && error != ErrorCode.TOPIC_ALREADY_EXISTS.code()) {
                throw new History.Violation("creating the topic was refused: " + ErrorCode.of(error));
            }
            return true;
        }
    }
}

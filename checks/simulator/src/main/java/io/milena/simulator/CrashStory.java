package io.milena.simulator;

import io.milena.testkit.SimulatedEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * One broker, clients that write, read and commit, and crashes in between: kills, which leave the page cache, and power cuts, which take what was not
 * forced, also while the broker is starting. When all work is done the broker crashes once more, and the log is read as a whole and judged.
 */
public final class CrashStory {
    private static final String TOPIC = "diary";
    private static final int PARTITIONS = 2;
    private static final int ENTRIES_PER_WRITER = 30;
    private static final int WRITERS_PER_PARTITION = 2;
    private static final int COMMITS = 20;
    private static final int CRASHES = 10;
    private static final long CALM_MS_MAX = 40;

    private final SimulatedEnvironment world;
    private final RandomGenerator random;
    private final BrokerHost broker;
    private final List<History> histories = new ArrayList<>();
    /** Small ones, which are there soon and often full; a quarter of the stories has none. */
    private static final List<String> JOURNALS = List.of("0", "65536", "131072", "1048576");

    private final List<Client> workers = new ArrayList<>();
    private final boolean isMoving;
    private final Mover mover;
    private int crashes;

    /**
     * A story that begins with an empty disk.
     *
     * @param isMoving whether partitions move between data directories all the time
     */
    public CrashStory(long seed, Map<String, String> brokerSettings, boolean isMoving) {
        this.isMoving = isMoving;
        this.world = new SimulatedEnvironment(seed);
        this.mover = new Mover(world, List.of(TOPIC, "__consumer_offsets"), PARTITIONS, this::isWorkDone);
        this.random = world.random();
        Map<String, String> settings = new TreeMap<>(brokerSettings);
        settings.putIfAbsent("milena.journal.bytes", JOURNALS.get((int) (seed & 3)));
        this.broker = new BrokerHost(world, settings);
    }

    /** Runs to the end; a broken guarantee is thrown. */
    public void run() {
        await(new TopicCreator(world, TOPIC, PARTITIONS, Map.of("segment.ms", "3600000")), "creator");
        for (int partition = 0; partition < PARTITIONS; partition++) {
            History history = new History();
            histories.add(history);
            for (int i = 0; i < WRITERS_PER_PARTITION; i++) {
                work(new Writer(world, TOPIC, partition, history, ENTRIES_PER_WRITER), "writer");
            }
        }
        work(new Committer(world, TOPIC, COMMITS), "committer");
        if (isMoving) {
            mover.start("mover");
        }
        List<Client> readers = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Client reader = new Reader(world, TOPIC, partition, histories.get(partition), this::isWorkDone);
            reader.start("reader");
            readers.add(reader);
        }
        while (crashes < CRASHES) {
            world.runFor(random.nextLong(CALM_MS_MAX));
            crash();
        }
        world.runUntil(() -> isWorkDone() && readers.stream().allMatch(Client::isDone));
        crash();
        judge();
    }

    private void work(Client client, String name) {
        workers.add(client);
        client.start(name);
    }

    private void await(Client client, String name) {
        client.start(name);
        while (!client.isDone() && crashes < CRASHES / 2) {
            world.runFor(random.nextLong(CALM_MS_MAX));
            if (!client.isDone() && random.nextInt(4) == 0) {
                crash();
            }
        }
        world.runUntil(client::isDone);
    }

    private boolean isWorkDone() {
        return workers.stream().allMatch(Client::isDone);
    }

    private void crash() {
        crashes++;
        if (random.nextBoolean()) {
            broker.losePower(random);
        } else {
            broker.kill();
        }
    }

    private void judge() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            History history = histories.get(partition);
            Reader reader = new Reader(world, TOPIC, partition, history, () -> true);
            reader.start("judge");
            world.runUntil(reader::isDone);
            history.check(reader.log());
            if (reader.log().size() != WRITERS_PER_PARTITION * ENTRIES_PER_WRITER) {
                throw new History.Violation(reader.log().size() + " entries are left in partition " + partition);
            }
        }
    }

    /** How many partitions have moved, as far as somebody saw it. */
    public int moves() {
        return mover.arrivals();
    }

    /** A number that tells this run from others; equal for equal seeds. */
    public long trace() {
        return world.trace();
    }
}

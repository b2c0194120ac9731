package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What partitions cost: 1,000 and 5,000 of them created, written, left idle, stopped, started after a clean stop and after {@code kill -9}. With a scale above 1
 * Milena alone, with as many times 5,000 partitions, in topics of 5,000.
 */
final class ManyPartitions implements Benchmark.InTurn {
    private static final int FEW = 1_000;
    private static final int MANY = 5_000;
    private static final int WARM_UP = 100;
    private static final int RECORDS_EACH = 10;
    private static final int RECORD_BYTES = 100;
    private static final int IDLE_SECONDS = 10;

    private final Path repository;
    private final int topics;

    ManyPartitions(Path repository, double scale) {
        this.repository = repository;
        this.topics = (int) Math.max(1, scale);
    }

    @Override
    public void measure(Peer peer, Figures figures) throws Exception {
        if (topics == 1) {
            createFew(peer, figures);
        }
        if (topics == 1 || peer == Peer.MILENA) {
            List<String> names =
                    IntStream.range(0, topics).mapToObj(i -> "many-" + i).toList();
            measureMany(new Run(peer, figures, names, String.format("%,d partitions", topics * MANY)));
        }
    }

    /** One broker with many partitions, and where its figures go. */
    private record Run(Peer peer, Figures figures, List<String> topics, String name) {
        void note(String figure, double value) {
            figures.note(name + ": " + figure, peer, value);
        }
    }

    private void createFew(Peer peer, Figures figures) throws Exception {
        try (Installation installation = Installation.create(peer, repository);
                BrokerProcess broker = installation.start();
                Client client = new Client(broker.address())) {
            warm(client);
            Run run = new Run(peer, figures, List.of("few"), String.format("%,d partitions", FEW));
            create(run, broker, client, FEW);
        }
    }

    private void measureMany(Run run) throws Exception {
        try (Installation installation = Installation.create(run.peer(), repository)) {
            try (BrokerProcess broker = installation.start();
                    Client client = new Client(broker.address())) {
                warm(client);
                create(run, broker, client, MANY);
                write(run, broker, client);
                run.note("idle CPU, % of a core", broker.idleCpuPercent(IDLE_SECONDS));
                run.note("clean stop, s", broker.stop());
            }
            try (BrokerProcess broker = installation.start();
                    Client client = new Client(broker.address())) {
                started(run, "clean start", broker, client, RECORDS_EACH);
                client.write(run.topics(), MANY, RECORDS_EACH, RECORD_BYTES);
                broker.kill();
            }
            try (BrokerProcess broker = installation.start();
                    Client client = new Client(broker.address())) {
                started(run, "start after kill -9", broker, client, 2 * RECORDS_EACH);
            }
        }
    }

    private static void warm(Client client) throws Exception {
        client.createTopic("warm-up", WARM_UP);
        client.write(List.of("warm-up"), WARM_UP, RECORDS_EACH, RECORD_BYTES);
        client.awaitEnd("warm-up", WARM_UP, RECORDS_EACH);
    }

    private static void create(Run run, BrokerProcess broker, Client client, int partitionsEach) throws Exception {
        double cpu = broker.cpuSeconds();
        Stopwatch stopwatch = Stopwatch.start();
        for (String topic : run.topics()) {
            client.createTopic(topic, partitionsEach);
        }
        run.note("created, s", stopwatch.seconds());
        for (String topic : run.topics()) {
            client.awaitEnd(topic, partitionsEach, 0);
        }
        run.note("created and all answer, s", stopwatch.seconds());
        run.note("created and all answer, broker CPU-s", broker.cpuSeconds() - cpu);
        run.note("resident memory then, MB", broker.residentMb());
        run.note("open files then", broker.openFiles());
    }

    private static void write(Run run, BrokerProcess broker, Client client) throws Exception {
        double cpu = broker.cpuSeconds();
        Stopwatch stopwatch = Stopwatch.start();
        client.write(run.topics(), MANY, RECORDS_EACH, RECORD_BYTES);
        run.note("10 records of 100 B to each, s", stopwatch.seconds());
        run.note("10 records of 100 B to each, broker CPU-s", broker.cpuSeconds() - cpu);
        run.note("resident memory when written, MB", broker.residentMb());
        run.note("open files when written", broker.openFiles());
    }

    private static void started(Run run, String how, BrokerProcess broker, Client client, long endOffset)
            throws Exception {
        run.note(how + " until describeCluster answers, s", broker.readySeconds());
        for (String topic : run.topics()) {
            client.awaitEnd(topic, MANY, endOffset);
        }
        run.note(how + " until all partitions answer, s", broker.secondsSinceStart());
        run.note(how + ", broker CPU-s", broker.cpuSeconds());
        run.note(how + ", resident memory, MB", broker.residentMb());
    }
}

package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * {@code SideBySide REPOSITORY [ROUNDS] [SCALE]}: runs Apache Kafka and Milena in turn, {@code ROUNDS} times (3), and prints for every figure both
 * medians, the median of the pairwise ratios Milena / Kafka, and their range; then how long an embedded Milena takes to start. {@code SCALE} multiplies the number of records (1).
 */
public final class SideBySide {
    private static final int PORT = 29392;
    private static final int PARTITIONS = 6;

    private final Path repository;
    private final double scale;
    private final PerfTool perf;

    /** Figure name -> peer -> one value a round. */
    private final Map<String, Map<Peer, List<Double>>> figures = new LinkedHashMap<>();

    private SideBySide(Path repository, double scale) {
        this.repository = repository;
        this.scale = scale;
        this.perf = new PerfTool(repository.resolve("checks/kafka/target/lib"));
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        double scale = arguments.length > 2 ? Double.parseDouble(arguments[2]) : 1;
        SideBySide run = new SideBySide(Path.of(arguments[0]).toAbsolutePath(), scale);
        for (int round = 1; round <= rounds; round++) {
            for (Peer peer : Peer.values()) {
                System.err.printf("round %d of %d: %s%n", round, rounds, peer);
                run.measure(peer);
            }
        }
        System.out.print(run.table());
        System.out.println(EmbeddedStart.measure());
    }

    private List<Load> loads() {
        return List.of(
                load("produce 1 KiB acks=1", 1_000_000, 1024, "1", 16_384),
                load("produce 1 KiB acks=all", 1_000_000, 1024, "all", 16_384),
                load("produce 1 KiB acks=all, 128 KiB batches", 1_000_000, 1024, "all", 131_072),
                load("produce 100 B acks=1", 5_000_000, 100, "1", 16_384),
                load("produce 100 B acks=all", 5_000_000, 100, "all", 16_384));
    }

    private Load load(String name, long records, int recordBytes, String acks, int batchBytes) {
        return new Load(name, (long) (records * scale), recordBytes, acks, batchBytes);
    }

    private void measure(Peer peer) throws Exception {
        Path folder = Files.createTempDirectory("side-by-side-");
        try (BrokerProcess broker = peer.start(repository, folder, PORT)) {
            note("start to first admin answer, s", peer, broker.readySeconds());
            double before = broker.cpuSeconds();
            TimeUnit.SECONDS.sleep(10);
            note("idle CPU, % of a core", peer, (broker.cpuSeconds() - before) * 10);
            note("idle resident memory, MB", peer, broker.residentMb());
            warm(broker);
            for (Load load : loads()) {
                produce(peer, broker, load);
            }
            note("resident memory after the load, MB", peer, broker.residentMb());
        } finally {
            delete(folder);
        }
    }

    /** Both JVMs compile what the loads need before anything is counted; processor time in the first seconds is mostly the compiler's. */
    private void warm(BrokerProcess broker) throws Exception {
        for (Load load : List.of(
                load("warm-up-1", 1_000_000, 1024, "1", 16_384),
                load("warm-up-2", 3_000_000, 100, "all", 16_384),
                load("warm-up-3", 3_000_000, 100, "1", 16_384))) {
            createTopic(broker, load.name());
            perf.produce(broker.address(), load.name(), load);
            perf.consume(broker.address(), load.name(), load.records());
        }
    }

    private void produce(Peer peer, BrokerProcess broker, Load load) throws Exception {
        String topic = load.name().replaceAll("[^A-Za-z0-9]+", "-");
        createTopic(broker, topic);
        double before = broker.cpuSeconds();
        PerfTool.Produced produced = perf.produce(broker.address(), topic, load);
        note(load.name() + ": records/s", peer, produced.recordsPerSecond());
        note(load.name() + ": p50 ms", peer, produced.p50Ms());
        note(load.name() + ": p99 ms", peer, produced.p99Ms());
        note(load.name() + ": broker CPU-s/GB", peer, (broker.cpuSeconds() - before) / load.gigabytes());

        before = broker.cpuSeconds();
        note(load.name() + ": consume, MiB/s", peer, perf.consume(broker.address(), topic, load.records()));
        note(load.name() + ": consume, broker CPU-s/GB", peer, (broker.cpuSeconds() - before) / load.gigabytes());
    }

    private static void createTopic(BrokerProcess broker, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private void note(String figure, Peer peer, double value) {
        figures.computeIfAbsent(figure, name -> new EnumMap<>(Peer.class))
                .computeIfAbsent(peer, p -> new ArrayList<>())
                .add(value);
    }

    private String table() {
        StringBuilder table = new StringBuilder(
                "| figure | Kafka | Milena | Milena / Kafka | range |\n| --- | ---: | ---: | ---: | --- |\n");
        figures.forEach((figure, values) -> {
            double[] kafka = numbers(values.getOrDefault(Peer.KAFKA, List.of()));
            double[] milena = numbers(values.getOrDefault(Peer.MILENA, List.of()));
            double[] ratios = new double[Math.min(kafka.length, milena.length)];
            Arrays.setAll(ratios, i -> kafka[i] == 0 ? Double.NaN : milena[i] / kafka[i]);
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.4g | %.4g | %.2f | %.2f..%.2f |%n",
                    figure,
                    median(kafka),
                    median(milena),
                    median(ratios),
                    Arrays.stream(ratios).min().orElse(Double.NaN),
                    Arrays.stream(ratios).max().orElse(Double.NaN)));
        });
        return table.toString();
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> contents = Files.walk(folder)) {
            for (Path path : contents.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records that hold a text, found among a gigabyte: by the search that runs inside the broker, asked over HTTP, and by Apache's console consumer with grep behind it, of the same broker and of Apache Kafka. What is timed is
 * what somebody waits for: the consumer from the start of its process, the search from its request, both to their end. The data lies in the page cache for both.
 */
final class Search implements Benchmark.InTurn {
    private static final int PARTITIONS = 6;
    private static final double BYTES = 1e9;
    /** Behind the ports of the brokers and their quorums. */
    private static final String CONSOLE = "http://127.0.0.1:29592";

    private static final int SEARCHES = 5;

    private final Path repository;
    private final double scale;
    private final Map<String, Double> kafkaSeconds = new HashMap<>();

    Search(Path repository, double scale) {
        this.repository = repository;
        this.scale = scale;
    }

    private record Size(String name, int recordBytes, String compression) {}

    private static final List<Size> SIZES = List.of(
            new Size("1 KiB", 1024, "none"), new Size("100 B", 100, "none"), new Size("1 KiB, lz4", 1024, "lz4"));

    @Override
    public void measure(Peer peer, Figures figures) throws Exception {
        Map<String, String> settings = peer == Peer.MILENA ? Map.of("milena.console.listener", CONSOLE) : Map.of();
        try (Installation installation = Installation.create(peer, repository, settings);
                BrokerProcess broker = installation.start();
                Client client = new Client(broker.address())) {
            for (Size size : SIZES) {
                measure(peer, size, broker, client, figures);
            }
        }
    }

    private void measure(Peer peer, Size size, BrokerProcess broker, Client client, Figures figures) throws Exception {
        String topic = "orders-" + size.recordBytes + "-" + size.compression;
        OrderTexts orders = new OrderTexts(size.recordBytes, (long) (BYTES * scale / size.recordBytes));
        client.createTopic(topic, PARTITIONS);
        orders.write(broker.address(), topic, PARTITIONS, size.compression);

        Stopwatch consuming = Stopwatch.start();
        orders.checkFound(
                PerfTool.of(repository).consumeAndGrep(broker.address(), topic, orders.count(), OrderTexts.WANTED));
        double consumed = consuming.seconds();
        figures.note(size.name + ": console consumer and grep, s", peer, consumed);
        if (peer == Peer.KAFKA) {
            kafkaSeconds.put(size.name, consumed);
            return;
        }
        double cpu = broker.cpuSeconds();
        double[] seconds = new double[SEARCHES];
        for (int i = 0; i < SEARCHES; i++) {
            Stopwatch searching = Stopwatch.start();
            orders.checkFound(ConsoleSearch.hits(CONSOLE, topic, OrderTexts.WANTED));
            seconds[i] = searching.seconds();
        }
        figures.note(size.name + ": search, the first, s", peer, seconds[0]);
        figures.note(size.name + ": search, broker CPU-s", peer, (broker.cpuSeconds() - cpu) / SEARCHES);
        Arrays.sort(seconds);
        double median = seconds[SEARCHES / 2];
        figures.note(size.name + ": search, s", peer, median);
        String times = size.name + ": the search is so many times as fast as the consumer";
        figures.note(times, Peer.KAFKA, kafkaSeconds.getOrDefault(size.name, Double.NaN) / median);
        figures.note(times, Peer.MILENA, consumed / median);
    }

    @Override
    public String afterword() {
        return "The columns say of which broker the console consumer has read; the search is Milena's in both.\n";
    }
}

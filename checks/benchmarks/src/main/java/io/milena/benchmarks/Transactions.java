package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What transactions cost: how many of 1, 10 and 100 records are committed a second, by one producer and by many, and how long it takes from a record to the committed copy that a program makes of it.
 * Milena forces, as it always does; Kafka runs twice, as it comes (it does not force) and with {@code log.flush.interval.messages=1}. The three run side by side and are asked in turn.
 */
final class Transactions implements Benchmark {
    private static final List<Integer> RECORDS = List.of(1, 10, 100);
    private static final List<Integer> PRODUCERS = List.of(1, 16);
    private static final int PARTITIONS = 4;
    private static final int WARM_UPS = 2;
    private static final int WARM_UP_SECONDS = 1;
    private static final int COPIES_WARM_UP = 50;
    private static final String NOT_FORCED = "Kafka not forced; ";
    private static final String FORCED = "Kafka forced; ";

    private final Path repository;
    private final int seconds;
    private final int copies;

    Transactions(Path repository, double scale) {
        this.repository = repository;
        this.seconds = Math.max(1, (int) (4 * scale));
        this.copies = Math.max(50, (int) (500 * scale));
    }

    @Override
    public void measure(Figures figures) throws Exception {
        try (Contender milena = contender(Peer.MILENA, Map.of());
                Contender notForced = contender(Peer.KAFKA, Map.of());
                Contender forced = contender(Peer.KAFKA, Map.of("log.flush.interval.messages", "1"))) {
            List<Contender> all = List.of(notForced, milena, forced);
            for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
                for (Contender each : all) {
                    for (int records : RECORDS) {
                        each.commit("warm-up-" + warmUp + "-" + records, PRODUCERS.getLast(), records, 1);
                    }
                }
            }
            for (int producers : PRODUCERS) {
                for (int records : RECORDS) {
                    List<Double> rates = new ArrayList<>();
                    for (Contender each : all) {
                        rates.add(each.commit("by-" + producers + "-of-" + records, producers, records, seconds));
                    }
                    String name = producers == 1 ? "1 producer" : producers + " producers";
                    note(
                            name + ", " + records + (records == 1 ? " record" : " records") + ": transactions/s",
                            rates,
                            figures);
                }
            }
            List<Latencies> latencies = new ArrayList<>();
            for (Contender each : all) {
                latencies.add(each.copy(copies));
            }
            for (double share : new double[] {0.5, 0.99}) {
                note(
                        String.format("read, process, write: p%.0f ms", share * 100),
                        latencies.stream().map(each -> each.millis(share)).toList(),
                        figures);
            }
        }
    }

    /** @param measured in the order Kafka not forced, Milena, Kafka forced */
    private static void note(String name, List<Double> measured, Figures figures) {
        figures.note(NOT_FORCED + name, Peer.KAFKA, measured.get(0));
        figures.note(NOT_FORCED + name, Peer.MILENA, measured.get(1));
        figures.note(FORCED + name, Peer.KAFKA, measured.get(2));
        figures.note(FORCED + name, Peer.MILENA, measured.get(1));
    }

    private Contender contender(Peer peer, Map<String, String> settings) throws Exception {
        Installation installation = Installation.create(peer, repository, settings);
        BrokerProcess broker = installation.start();
        return new Contender(installation, broker, new Client(broker.address()));
    }

    /** A broker that is compared. */
    private record Contender(Installation installation, BrokerProcess broker, Client client) implements AutoCloseable {
        /** Answers transactions a second. */
        double commit(String topic, int producers, int records, int seconds) throws Exception {
            client.createTopic(topic, PARTITIONS);
            client.awaitEnd(topic, PARTITIONS, 0);
            PageCache.write();
            try (TransactionalProducers all =
                    new TransactionalProducers(producers, broker.address(), topic, PARTITIONS, records)) {
                all.perSecond(WARM_UP_SECONDS);
                return all.perSecond(seconds);
            }
        }

        Latencies copy(int records) throws Exception {
            client.createTopic("input", 1);
            client.createTopic("output", 1);
            try (ReadProcessWrite program = new ReadProcessWrite(broker.address(), "input", "output")) {
                program.latencies(COPIES_WARM_UP);
                return program.latencies(records);
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            broker.close();
            installation.close();
        }
    }
}

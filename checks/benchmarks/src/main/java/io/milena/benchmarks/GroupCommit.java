package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What it costs to force every acknowledgement: producing with {@code acks=all} to all partitions of a topic of 1, 100 and 1,000 partitions. Milena forces, as it always does; Kafka runs twice,
 * as it comes (it does not force) and with {@code log.flush.interval.messages=1}. The three run side by side and each load is asked of them in turn, some seconds each and several times, so that whatever else the machine
 * does falls on all of them. One producer sends as fast as it may, with batches of three sizes; then many producers send, each of which waits for its acknowledgement: 32 of Apache's, and a crowd of 1,000 connections; then
 * a crowd of 200, each with five records under way, as many as Apache's producers have unless they are told otherwise.
 * All of them are in this process, whose compiler is done with them when something is counted.
 */
final class GroupCommit implements Benchmark {
    private static final List<Integer> PARTITIONS = List.of(1, 100, 1_000);
    private static final int WARM_UPS = 3;
    private static final int WARM_UP_PARTITIONS = 6;
    private static final int SETTLE_SECONDS = 1;
    private static final int COUNTED_SECONDS = 2;
    private static final int TURNS = 5;
    private static final int RECORD_BYTES = 1024;
    private static final String NOT_FORCED = "Kafka not forced; ";
    private static final String FORCED = "Kafka forced; ";

    private static final List<Kind> KINDS = List.of(
            new Kind("a record a batch", (address, topic, _) -> new StreamingProducer(address, topic, 1)),
            new Kind("16 KiB batches", (address, topic, _) -> new StreamingProducer(address, topic, 16_384)),
            new Kind("128 KiB batches", (address, topic, _) -> new StreamingProducer(address, topic, 131_072)),
            new Kind(
                    "32 producers that wait",
                    (address, topic, partitions) -> new ApacheProducers(32, address, topic, partitions)),
            new Kind(
                    "1,000 producers that wait",
                    (address, topic, partitions) -> new Crowd(1_000, 1, address, topic, partitions)),
            new Kind(
                    "200 producers, 5 in flight",
                    (address, topic, partitions) ->
                            new Crowd(200, Crowd.IN_FLIGHT_DEFAULT, address, topic, partitions)));

    private final Path repository;
    private final int turns;

    GroupCommit(Path repository, double scale) {
        this.repository = repository;
        this.turns = (int) Math.max(1, Math.round(TURNS * scale));
    }

    /** Who produces. */
    private record Kind(String name, Start start) {
        @FunctionalInterface
        interface Start {
            Producing producing(String address, String topic, int partitions) throws IOException;
        }
    }

    @Override
    public void measure(Figures figures) throws Exception {
        try (Contender notForced = contender(Peer.KAFKA, Map.of());
                Contender milena = contender(Peer.MILENA, Map.of());
                Contender forced = contender(Peer.KAFKA, Map.of("log.flush.interval.messages", "1"))) {
            List<Contender> all = List.of(notForced, milena, forced);
            create(all, "warm-up", WARM_UP_PARTITIONS);
            for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
                for (Kind kind : KINDS) {
                    takeTurn(all, kind, "warm-up", WARM_UP_PARTITIONS);
                }
            }
            for (int partitions : PARTITIONS) {
                String topic = "topic-" + partitions;
                create(all, topic, partitions);
                for (Kind kind : KINDS) {
                    String name = String.format("on %,d, %s: ", partitions, kind.name);
                    for (int turn = 0; turn < turns; turn++) {
                        note(name, takeTurn(all, kind, topic, partitions), figures);
                    }
                }
            }
        }
    }

    private Contender contender(Peer peer, Map<String, String> settings) throws Exception {
        Installation installation = Installation.create(peer, repository, settings);
        BrokerProcess broker = installation.start();
        return new Contender(installation, broker, new Client(broker.address()));
    }

    private static void create(List<Contender> all, String topic, int partitions) throws Exception {
        for (Contender each : all) {
            each.client.createTopic(topic, partitions);
            each.client.awaitEnd(topic, partitions, 0);
        }
    }

    private static List<Measured> takeTurn(List<Contender> all, Kind kind, String topic, int partitions)
            throws Exception {
        List<Measured> measured = new ArrayList<>();
        for (Contender each : all) {
            measured.add(each.produce(kind, topic, partitions));
        }
        return measured;
    }

    /** @param measured in the order Kafka not forced, Milena, Kafka forced */
    private static void note(String name, List<Measured> measured, Figures figures) {
        measured.get(0).note(NOT_FORCED + name, Peer.KAFKA, figures);
        measured.get(1).note(NOT_FORCED + name, Peer.MILENA, figures);
        measured.get(2).note(FORCED + name, Peer.KAFKA, figures);
        measured.get(1).note(FORCED + name, Peer.MILENA, figures);
    }

    /** A broker that is compared. */
    private record Contender(Installation installation, BrokerProcess broker, Client client) implements AutoCloseable {
        /** On a disk that has nothing left to write. */
        Measured produce(Kind kind, String topic, int partitions) throws Exception {
            PageCache.write();
            try (Producing producing = kind.start.producing(broker.address(), topic, partitions)) {
                producing.recordsPerSecond(SETTLE_SECONDS);
                double before = broker.cpuSeconds();
                double rate = producing.recordsPerSecond(COUNTED_SECONDS);
                double bytes = rate * COUNTED_SECONDS * RECORD_BYTES;
                return new Measured(rate, (broker.cpuSeconds() - before) / bytes * 1e9);
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            broker.close();
            installation.close();
        }
    }

    /** One turn's figures. */
    private record Measured(double recordsPerSecond, double cpuSecondsPerGb) {
        void note(String name, Peer peer, Figures figures) {
            figures.note(name + "records/s", peer, recordsPerSecond);
            figures.note(name + "broker CPU-s/GB", peer, cpuSecondsPerGb);
        }
    }
}

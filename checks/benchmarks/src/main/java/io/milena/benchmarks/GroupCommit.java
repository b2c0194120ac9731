package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What it costs to force every acknowledgement: producing with {@code acks=all} to all partitions of a topic of 1, 100 and 1,000 partitions. Milena forces, as it always does; Kafka runs twice,
 * as it comes (it does not force) and with {@code log.flush.interval.messages=1}. The three run side by side and are asked in turn, so that whatever else the machine does falls on all of them.
 * One producer sends as fast as it may, with batches of two sizes; then many producers send, each of which waits for its acknowledgement: 32 of Apache's, and a crowd of 1,000 connections.
 */
final class GroupCommit implements Benchmark {
    private static final List<Integer> PARTITIONS = List.of(1, 100, 1_000);
    private static final List<Integer> BATCH_BYTES = List.of(16_384, 131_072);
    private static final int PRODUCERS = 32;
    private static final int CROWD = 1_000;
    private static final int PRODUCERS_WARM_UP_SECONDS = 4;
    private static final int PRODUCERS_SECONDS = 5;
    private static final int WARM_UPS = 3;
    private static final int WARM_UP_PARTITIONS = 6;
    private static final int RECORD_BYTES = 1024;
    private static final long RECORDS = 300_000;
    private static final String NOT_FORCED = "Kafka not forced; ";
    private static final String FORCED = "Kafka forced; ";

    private final Path repository;
    private final double scale;
    private final PerfTool perf;

    GroupCommit(Path repository, double scale) {
        this.repository = repository;
        this.scale = scale;
        this.perf = PerfTool.of(repository);
    }

    @Override
    public void measure(Figures figures) throws Exception {
        try (Contender milena = contender(Peer.MILENA, 1, Map.of());
                Contender notForced = contender(Peer.KAFKA, 1, Map.of());
                Contender forced = contender(Peer.KAFKA, 0.1, Map.of("log.flush.interval.messages", "1"))) {
            List<Contender> all = List.of(notForced, milena, forced);
            for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
                for (Contender each : all) {
                    each.warmUp("warm-up-" + warmUp);
                }
            }
            for (int partitions : PARTITIONS) {
                for (int batchBytes : BATCH_BYTES) {
                    String name = String.format("on %,d, %d KiB batches", partitions, batchBytes >> 10);
                    String topic = "topic-" + partitions + "-" + batchBytes;
                    List<Measured> measured = new ArrayList<>();
                    for (Contender each : all) {
                        measured.add(each.produce(topic, partitions, batchBytes));
                    }
                    note(name, measured, figures);
                }
                for (int producers : List.of(PRODUCERS, CROWD)) {
                    String name = String.format("on %,d, %,d producers that wait", partitions, producers);
                    List<Measured> measured = new ArrayList<>();
                    for (Contender each : all) {
                        measured.add(
                                each.produceWaiting("waited-" + partitions + "-" + producers, partitions, producers));
                    }
                    note(name, measured, figures);
                }
            }
        }
    }

    /** @param measured in the order Kafka not forced, Milena, Kafka forced */
    private static void note(String name, List<Measured> measured, Figures figures) {
        measured.get(0).note(NOT_FORCED + name, Peer.KAFKA, figures);
        measured.get(1).note(NOT_FORCED + name, Peer.MILENA, figures);
        measured.get(2).note(FORCED + name, Peer.KAFKA, figures);
        measured.get(1).note(FORCED + name, Peer.MILENA, figures);
    }

    /** @param share of the records: Kafka forced is so much slower that a tenth takes it as long */
    private Contender contender(Peer peer, double share, Map<String, String> settings) throws Exception {
        Installation installation = Installation.create(peer, repository, settings);
        BrokerProcess broker = installation.start();
        return new Contender(installation, broker, new Client(broker.address()), (long) (RECORDS * share * scale));
    }

    /** A broker that is compared. */
    private final class Contender implements AutoCloseable {
        private final Installation installation;
        private final BrokerProcess broker;
        private final Client client;
        private final long records;

        Contender(Installation installation, BrokerProcess broker, Client client, long records) {
            this.installation = installation;
            this.broker = broker;
            this.client = client;
            this.records = records;
        }

        void warmUp(String topic) throws Exception {
            for (int batchBytes : BATCH_BYTES) {
                produce(topic + "-" + batchBytes, WARM_UP_PARTITIONS, batchBytes);
            }
            for (int producers : List.of(PRODUCERS, CROWD)) {
                produceWaiting(topic + "-" + producers, WARM_UP_PARTITIONS, producers);
            }
        }

        /** On a disk that has nothing left to write. */
        private void create(String topic, int partitions) throws Exception {
            client.createTopic(topic, partitions);
            client.awaitEnd(topic, partitions, 0);
            PageCache.write();
        }

        Measured produceWaiting(String topic, int partitions, int count) throws Exception {
            create(topic, partitions);
            try (WaitingProducers producers = count > PRODUCERS
                    ? new Crowd(count, broker.address(), topic, partitions)
                    : new ApacheProducers(count, broker.address(), topic, partitions)) {
                producers.recordsPerSecond(PRODUCERS_WARM_UP_SECONDS);
                double before = broker.cpuSeconds();
                double rate = producers.recordsPerSecond(PRODUCERS_SECONDS);
                double bytes = rate * PRODUCERS_SECONDS * RECORD_BYTES;
                return new Measured(rate, (broker.cpuSeconds() - before) / bytes * 1e9, List.of());
            }
        }

        Measured produce(String topic, int partitions, int batchBytes) throws Exception {
            create(topic, partitions);
            Load load = new Load(topic, records, records / 3, RECORD_BYTES, "all", batchBytes);
            double before = broker.cpuSeconds();
            PerfTool.Produced produced = perf.produce(broker.address(), topic, load);
            double cpu = (broker.cpuSeconds() - before) / load.gigabytes();
            return new Measured(produced.recordsPerSecond(), cpu, List.of(produced.p50Ms(), produced.p99Ms()));
        }

        @Override
        public void close() throws IOException {
            client.close();
            broker.close();
            installation.close();
        }
    }

    /**
     * One load's figures.
     *
     * @param latenciesMs p50 and p99, or nothing
     */
    private record Measured(double recordsPerSecond, double cpuSecondsPerGb, List<Double> latenciesMs) {
        void note(String name, Peer peer, Figures figures) {
            figures.note(name + ": records/s", peer, recordsPerSecond);
            for (int i = 0; i < latenciesMs.size(); i++) {
                figures.note(name + (i == 0 ? ": p50 ms" : ": p99 ms"), peer, latenciesMs.get(i));
            }
            figures.note(name + ": broker CPU-s/GB", peer, cpuSecondsPerGb);
        }
    }
}

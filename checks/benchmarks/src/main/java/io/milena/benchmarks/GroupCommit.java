package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What it costs to force every acknowledgement: producing with {@code acks=all} to all partitions of a topic of 1, 100 and 1,000 partitions. Milena forces, as it
 * always does; Kafka runs twice, as it comes (it does not force) and with {@code log.flush.interval.messages=1}, and each of its runs is compared with the same one of Milena.
 */
final class GroupCommit implements Benchmark {
    private static final List<Integer> PARTITIONS = List.of(1, 100, 1_000);
    private static final List<Integer> BATCH_BYTES = List.of(16_384, 131_072);
    private static final int WARM_UP_PARTITIONS = 6;
    private static final int RECORD_BYTES = 1024;
    private static final long RECORDS = 200_000;

    private final Path repository;
    private final double scale;
    private final PerfTool perf;

    GroupCommit(Path repository, double scale) {
        this.repository = repository;
        this.scale = scale;
        this.perf = PerfTool.of(repository);
    }

    /** Whom Milena is compared with. */
    private enum Rival {
        NOT_FORCED("Kafka not forced", Map.of()),
        FORCED("Kafka forced", Map.of("log.flush.interval.messages", "1"));

        private final String title;
        private final Map<String, String> settings;

        Rival(String title, Map<String, String> settings) {
            this.title = title;
            this.settings = settings;
        }

        /** Kafka forced is so much slower, above all with small batches, that fewer records take it as long. */
        long records(int batchBytes) {
            return this == NOT_FORCED ? RECORDS : batchBytes > 100_000 ? RECORDS / 2 : RECORDS / 10;
        }
    }

    @Override
    public void measure(Peer peer, Figures figures) throws Exception {
        if (peer == Peer.MILENA) {
            produce(peer, Rival.NOT_FORCED, List.of(Rival.values()), figures);
        } else {
            for (Rival rival : Rival.values()) {
                produce(peer, rival, List.of(rival), figures);
            }
        }
    }

    /**
     * @param like the settings and the number of records
     * @param rows where the figures stand
     */
    private void produce(Peer peer, Rival like, List<Rival> rows, Figures figures) throws Exception {
        try (Installation installation = Installation.create(peer, repository, like.settings);
                BrokerProcess broker = installation.start();
                Client client = new Client(broker.address())) {
            for (int batchBytes : BATCH_BYTES) {
                String topic = "warm-up-" + batchBytes;
                client.createTopic(topic, WARM_UP_PARTITIONS);
                perf.produce(broker.address(), topic, load(like, "warm-up", batchBytes));
            }
            for (int partitions : PARTITIONS) {
                for (int batchBytes : BATCH_BYTES) {
                    String topic = "topic-" + partitions + "-" + batchBytes;
                    client.createTopic(topic, partitions);
                    client.awaitEnd(topic, partitions, 0);
                    String name = String.format("on %,d, %d KiB batches", partitions, batchBytes >> 10);
                    Measured measured = measure(broker, topic, load(like, name, batchBytes));
                    rows.forEach(row -> measured.note(row.title + "; " + name, peer, figures));
                }
            }
        }
    }

    private Load load(Rival like, String name, int batchBytes) {
        return new Load(name, (long) (like.records(batchBytes) * scale), RECORD_BYTES, "all", batchBytes);
    }

    private Measured measure(BrokerProcess broker, String topic, Load load) {
        double before = broker.cpuSeconds();
        PerfTool.Produced produced = perf.produce(broker.address(), topic, load);
        return new Measured(produced, (broker.cpuSeconds() - before) / load.gigabytes());
    }

    /** One load's figures. */
    private record Measured(PerfTool.Produced produced, double cpuSecondsPerGb) {
        void note(String name, Peer peer, Figures figures) {
            figures.note(name + ": records/s", peer, produced.recordsPerSecond());
            figures.note(name + ": p50 ms", peer, produced.p50Ms());
            figures.note(name + ": p99 ms", peer, produced.p99Ms());
            figures.note(name + ": broker CPU-s/GB", peer, cpuSecondsPerGb);
        }
    }
}

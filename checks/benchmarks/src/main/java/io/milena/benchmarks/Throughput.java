package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** Producing and consuming at full speed on six partitions; before that, how long the start takes and what an idle broker costs; in the end, how long an embedded Milena takes to start. */
final class Throughput implements Benchmark.InTurn {
    private static final int PARTITIONS = 6;
    private static final int IDLE_SECONDS = 10;

    private final Path repository;
    private final double scale;
    private final PerfTool perf;

    Throughput(Path repository, double scale) {
        this.repository = repository;
        this.scale = scale;
        this.perf = PerfTool.of(repository);
    }

    @Override
    public String afterword() throws Exception {
        return EmbeddedStart.measure() + "\n";
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

    @Override
    public void measure(Peer peer, Figures figures) throws Exception {
        try (Installation installation = Installation.create(peer, repository);
                BrokerProcess broker = installation.start();
                Client client = new Client(broker.address())) {
            figures.note("start to first admin answer, s", peer, broker.readySeconds());
            figures.note("idle CPU, % of a core", peer, broker.idleCpuPercent(IDLE_SECONDS));
            figures.note("idle resident memory, MB", peer, broker.residentMb());
            warm(broker, client);
            for (Load load : loads()) {
                String topic = load.name().replaceAll("[^A-Za-z0-9]+", "-");
                client.createTopic(topic, PARTITIONS);
                compare(peer, broker, topic, load, figures);
            }
            figures.note("resident memory after the load, MB", peer, broker.residentMb());
        }
    }

    /** Both JVMs compile what the loads need before anything is counted; processor time in the first seconds is mostly the compiler's. */
    private void warm(BrokerProcess broker, Client client) throws Exception {
        for (Load load : List.of(
                load("warm-up-1", 1_000_000, 1024, "1", 16_384),
                load("warm-up-2", 3_000_000, 100, "all", 16_384),
                load("warm-up-3", 3_000_000, 100, "1", 16_384))) {
            client.createTopic(load.name(), PARTITIONS);
            perf.produce(broker.address(), load.name(), load);
            perf.consume(broker.address(), load.name(), load.records());
        }
    }

    private void compare(Peer peer, BrokerProcess broker, String topic, Load load, Figures figures) {
        double before = broker.cpuSeconds();
        PerfTool.Produced produced = perf.produce(broker.address(), topic, load);
        figures.note(load.name() + ": records/s", peer, produced.recordsPerSecond());
        figures.note(load.name() + ": p50 ms", peer, produced.p50Ms());
        figures.note(load.name() + ": p99 ms", peer, produced.p99Ms());
        figures.note(load.name() + ": broker CPU-s/GB", peer, (broker.cpuSeconds() - before) / load.gigabytes());

        before = broker.cpuSeconds();
        figures.note(load.name() + ": consume, MiB/s", peer, perf.consume(broker.address(), topic, load.records()));
        figures.note(
                load.name() + ": consume, broker CPU-s/GB", peer, (broker.cpuSeconds() - before) / load.gigabytes());
    }
}

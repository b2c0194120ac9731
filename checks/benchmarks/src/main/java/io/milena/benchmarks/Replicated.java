package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * Clusters of three, every partition three times, {@code acks=all} and {@code min.insync.replicas=2}: producing at full speed; how long a producer waits when the leader of its partition is killed, and who changes
 * the metadata when the active controller is; what a producer notices when every broker in turn is stopped and started again. Milena forces every acknowledged record to disk on the in-sync replicas; Kafka does not.
 */
final class Replicated implements Benchmark.InTurn {
    private static final int PARTITIONS = 6;
    /** One load of ten seconds differs from the next by up to a fifth: seven processes share the machine. */
    private static final int TURNS = 3;

    private final Path repository;
    private final double scale;
    private final PerfTool perf;

    Replicated(Path repository, double scale) {
        this.repository = repository;
        this.scale = scale;
        this.perf = PerfTool.of(repository);
    }

    @Override
    public void measure(Peer peer, Figures figures) throws Exception {
        try (Cluster cluster = Cluster.start(peer, repository)) {
            List<Load> loads = List.of(
                    load("1 KiB, 16 KiB batches", 300_000, 16_384), load("1 KiB, 128 KiB batches", 600_000, 131_072));
            for (Load load : loads) {
                produce(cluster, "warm-up-" + load.batchBytes(), load);
            }
            for (int turn = 0; turn < TURNS; turn++) {
                for (Load load : loads) {
                    compare(peer, cluster, "turn-" + turn + "-" + load.batchBytes(), load, figures);
                }
            }
            figures.note("resident memory of all three after the load, MB", peer, cluster.residentMb());
            failOver(peer, cluster, figures);
            ControllerFailOver.measure(peer, cluster, figures);
            restartEach(peer, cluster, figures);
        }
    }

    private Load load(String name, long records, int batchBytes) {
        long all = (long) (records * scale);
        return new Load(name, all, all / 3, 1024, "all", batchBytes);
    }

    private void compare(Peer peer, Cluster cluster, String topic, Load load, Figures figures) throws Exception {
        double before = cluster.cpuSeconds();
        PerfTool.Produced produced = produce(cluster, topic, load);
        double cpu = (cluster.cpuSeconds() - before) / load.gigabytes();
        figures.note(load.name() + ": records/s", peer, produced.recordsPerSecond());
        figures.note(load.name() + ": p50 ms", peer, produced.p50Ms());
        figures.note(load.name() + ": p99 ms", peer, produced.p99Ms());
        figures.note(load.name() + ": CPU-s/GB of all brokers", peer, cpu);
    }

    private PerfTool.Produced produce(Cluster cluster, String topic, Load load) throws Exception {
        cluster.createTopic(topic, PARTITIONS);
        PageCache.write();
        return perf.produce(cluster.addresses(), topic, load);
    }

    /** Each broker is killed once while a producer writes to the partition that it leads. */
    private static void failOver(Peer peer, Cluster cluster, Figures figures) throws Exception {
        for (int kill = 1; kill <= Cluster.BROKERS; kill++) {
            String topic = "fail-over-" + kill;
            cluster.createTopic(topic, 1);
            int leader = cluster.leader(topic, 0);
            try (PauseWatch producer = new PauseWatch(cluster.addresses(), topic)) {
                producer.awaitAcknowledged(2_000);
                PauseWatch.Pause pause = producer.longestPause(() -> cluster.kill(leader), 1_000);
                figures.note("leader killed: longest wait for an acknowledgement, s", peer, pause.seconds());
                figures.note("leader killed: records that failed", peer, pause.failed());
            }
            cluster.startAgain(leader);
            cluster.awaitInSync(topic);
        }
    }

    private static void restartEach(Peer peer, Cluster cluster, Figures figures) throws Exception {
        String topic = "restarts";
        cluster.createTopic(topic, PARTITIONS);
        try (PauseWatch producer = new PauseWatch(cluster.addresses(), topic)) {
            producer.awaitAcknowledged(2_000);
            for (int id = 1; id <= Cluster.BROKERS; id++) {
                int broker = id;
                PauseWatch.Pause pause = producer.longestPause(
                        () -> {
                            cluster.stop(broker);
                            cluster.startAgain(broker);
                            cluster.awaitInSync(topic);
                        },
                        1_000);
                figures.note("broker restarted: longest latency, s", peer, pause.longestLatencySeconds());
                figures.note("broker restarted: records that failed", peer, pause.failed());
            }
        }
    }
}

package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The largest loads of {@link GroupCommit} for longer than the memory of the machine can take them: what a broker does not force, the kernel begins to write all the same. Milena forces, Kafka does not; both
 * run side by side and are asked in turn, and begin with an empty folder for each load, so that the disk has room for it.
 */
final class SustainedCommit implements Benchmark {
    private static final List<Integer> PARTITIONS = List.of(1, 100, 1_000);
    private static final int WARM_UPS = 4;
    private static final int WARM_UP_PARTITIONS = 6;
    private static final int WARM_UP_SECONDS = 5;
    private static final int COUNTED_SECONDS = 20;

    private static final List<CommitLoad> LOADS =
            List.of(CommitLoad.streaming("16 KiB batches", 16_384), CommitLoad.streaming("128 KiB batches", 131_072));

    private final Path repository;
    private final int seconds;

    SustainedCommit(Path repository, double scale) {
        this.repository = repository;
        this.seconds = (int) Math.max(1, Math.round(COUNTED_SECONDS * scale));
    }

    @Override
    public void measure(Figures figures) throws Exception {
        for (int partitions : PARTITIONS) {
            for (CommitLoad load : LOADS) {
                measure(load, partitions, figures);
            }
        }
    }

    private void measure(CommitLoad load, int partitions, Figures figures) throws Exception {
        try (CommitContender kafka = CommitContender.start(Peer.KAFKA, repository, Map.of());
                CommitContender milena = CommitContender.start(Peer.MILENA, repository, Map.of())) {
            for (CommitContender each : List.of(kafka, milena)) {
                each.create("warm-up", WARM_UP_PARTITIONS);
                each.create("topic", partitions);
            }
            for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
                kafka.produce(load, "warm-up", WARM_UP_PARTITIONS, WARM_UP_SECONDS);
                milena.produce(load, "warm-up", WARM_UP_PARTITIONS, WARM_UP_SECONDS);
            }
            String name = String.format("on %,d, %s: ", partitions, load.name());
            kafka.produce(load, "topic", partitions, seconds).note(name, Peer.KAFKA, figures);
            milena.produce(load, "topic", partitions, seconds).note(name, Peer.MILENA, figures);
        }
    }
}

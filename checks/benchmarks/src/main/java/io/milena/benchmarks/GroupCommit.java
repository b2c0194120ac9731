package io.milena.benchmarks;

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
    private static final int COUNTED_SECONDS = 2;
    private static final int TURNS = 5;
    private static final String NOT_FORCED = "Kafka not forced; ";
    private static final String FORCED = "Kafka forced; ";

    private static final List<CommitLoad> LOADS = List.of(
            CommitLoad.streaming("a record a batch", 1),
            CommitLoad.streaming("16 KiB batches", 16_384),
            CommitLoad.streaming("128 KiB batches", 131_072),
            new CommitLoad(
                    "32 producers that wait",
                    (address, topic, partitions) -> new ApacheProducers(32, address, topic, partitions)),
            new CommitLoad(
                    "1,000 producers that wait",
                    (address, topic, partitions) -> new Crowd(1_000, 1, address, topic, partitions)),
            new CommitLoad(
                    "200 producers, 5 in flight",
                    (address, topic, partitions) ->
                            new Crowd(200, Crowd.IN_FLIGHT_DEFAULT, address, topic, partitions)));

    private final Path repository;
    private final int turns;

    GroupCommit(Path repository, double scale) {
        this.repository = repository;
        this.turns = (int) Math.max(1, Math.round(TURNS * scale));
    }

    @Override
    public void measure(Figures figures) throws Exception {
        try (CommitContender notForced = CommitContender.start(Peer.KAFKA, repository, Map.of());
                CommitContender milena = CommitContender.start(Peer.MILENA, repository, Map.of());
                CommitContender forced =
                        CommitContender.start(Peer.KAFKA, repository, Map.of("log.flush.interval.messages", "1"))) {
            List<CommitContender> all = List.of(notForced, milena, forced);
            create(all, "warm-up", WARM_UP_PARTITIONS);
            for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
                for (CommitLoad load : LOADS) {
                    takeTurn(all, load, "warm-up", WARM_UP_PARTITIONS);
                }
            }
            for (int partitions : PARTITIONS) {
                String topic = "topic-" + partitions;
                create(all, topic, partitions);
                for (CommitLoad load : LOADS) {
                    String name = String.format("on %,d, %s: ", partitions, load.name());
                    for (int turn = 0; turn < turns; turn++) {
                        note(name, takeTurn(all, load, topic, partitions), figures);
                    }
                }
            }
        }
    }

    private static void create(List<CommitContender> all, String topic, int partitions) throws Exception {
        for (CommitContender each : all) {
            each.create(topic, partitions);
        }
    }

    private static List<CommitContender.Measured> takeTurn(
            List<CommitContender> all, CommitLoad load, String topic, int partitions) throws Exception {
        List<CommitContender.Measured> measured = new ArrayList<>();
        for (CommitContender each : all) {
            measured.add(each.produce(load, topic, partitions, COUNTED_SECONDS));
        }
        return measured;
    }

    /** @param measured in the order Kafka not forced, Milena, Kafka forced */
    private static void note(String name, List<CommitContender.Measured> measured, Figures figures) {
        measured.get(0).note(NOT_FORCED + name, Peer.KAFKA, figures);
        measured.get(1).note(NOT_FORCED + name, Peer.MILENA, figures);
        measured.get(2).note(FORCED + name, Peer.KAFKA, figures);
        measured.get(1).note(FORCED + name, Peer.MILENA, figures);
    }
}

package io.milena.benchmarks;

import io.milena.metadata.BrokerChanges;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Controller.NewTopic;
import io.milena.metadata.ControllerSettings;
import io.milena.metadata.Decision;
import io.milena.metadata.IsrChanges;
import io.milena.metadata.Outcome;
import io.milena.protocol.Message;
import io.milena.protocol.message.AlterPartitionRequest;
import io.milena.protocol.message.AlterPartitionResponse;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The control plane alone, without sockets and disks: 1,000 brokers in ten racks with 1,000,000 partitions of three replicas in 1,000 topics. What the image of it takes in
 * memory, and how long the decisions take when brokers are lost. Of Milena only.
 */
final class MetadataScale implements Benchmark {
    private static final int BROKERS = 1_000;
    private static final int RACKS = 10;
    private static final int TOPICS = 1_000;
    private static final short REPLICAS = 3;
    private static final int ROUNDS = 50;

    private final ControllerSettings settings = new ControllerSettings(3_000, 1, REPLICAS, 2, false);
    private final Controller controller = new Controller(settings);
    private final BrokerChanges brokers = new BrokerChanges(settings);
    private final int partitionsOfTopic;

    MetadataScale(double scale) {
        this.partitionsOfTopic = Math.max(1, (int) (1_000 * scale));
    }

    @Override
    public void measure(Figures figures) {
        Peer peer = Peer.MILENA;
        long before = usedBytes();
        ClusterImage image = cluster();
        long built = System.nanoTime();
        image = withTopics(image);
        figures.note("topics created and replayed, s", peer, secondsSince(built));
        long partitions = (long) TOPICS * partitionsOfTopic;
        figures.note("partitions", peer, (double) partitions);
        figures.note("heap, bytes a partition", peer, (double) (usedBytes() - before) / partitions);
        loseBrokers(image, peer, figures);
        loseRack(image, peer, figures);
        shrinkIsrs(image, peer, figures);
        long written = System.nanoTime();
        List<Message> snapshot = image.snapshot();
        ClusterImage again = ClusterImage.EMPTY.replay(snapshot);
        figures.note("snapshot made and replayed, s", peer, secondsSince(written));
        check(again.topics().size() == TOPICS, "the snapshot holds all topics");
    }

    private static ClusterImage cluster() {
        List<Message> records = new ArrayList<>();
        for (int id = 0; id < BROKERS; id++) {
            records.add(RegisterBrokerRecord.builder()
                    .brokerId(id)
                    .brokerEpoch(id)
                    .incarnationId(new UUID(id, 1))
                    .rack("rack" + id % RACKS)
                    .logDirs(List.of(directory(id)))
                    .fenced(false)
                    .build());
        }
        return ClusterImage.EMPTY.replay(records);
    }

    private static UUID directory(int broker) {
        return new UUID(broker + 1, 7);
    }

    private ClusterImage withTopics(ClusterImage cluster) {
        ClusterImage image = cluster;
        for (int i = 0; i < TOPICS; i++) {
            NewTopic topic = new NewTopic("topic-" + i, partitionsOfTopic, REPLICAS, Map.of(), Map.of());
            Decision decision = controller.createTopic(image, topic, new UUID(i, i * 31L));
            check(!decision.isRefused(), decision.message());
            image = image.replay(decision.records().stream()
                    .map(MetadataScale::placedInDirectories)
                    .toList());
        }
        return image;
    }

    /** As brokers do that choose one of their directories; each record has ids of its own, as when it is read from a log. */
    private static Message placedInDirectories(Message record) {
        return record instanceof PartitionRecord partition
                ? partition.toBuilder()
                        .directories(partition.replicas().stream()
                                .map(MetadataScale::directory)
                                .toList())
                        .build()
                : record;
    }

    /** One after another, each from the whole cluster on. */
    private void loseBrokers(ClusterImage image, Peer peer, Figures figures) {
        List<Double> decided = new ArrayList<>();
        List<Double> replayed = new ArrayList<>();
        int leaders = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int lost = round * (BROKERS / ROUNDS);
            long start = System.nanoTime();
            List<Message> records = brokers.fence(image, List.of(lost));
            decided.add(secondsSince(start) * 1e3);
            start = System.nanoTime();
            ClusterImage after = image.replay(records);
            replayed.add(secondsSince(start) * 1e3);
            check(
                    after.partitionsOn(lost).stream().noneMatch(p -> p.leader() == lost),
                    "the lost broker leads nothing");
            leaders += records.size() - 1;
        }
        figures.note("one broker lost, changes of partitions", peer, (double) leaders / ROUNDS);
        figures.note("one broker lost, decided, ms: first", peer, decided.getFirst());
        decided.sort(null);
        replayed.sort(null);
        figures.note("one broker lost, decided, ms: median", peer, decided.get(ROUNDS / 2));
        figures.note("one broker lost, decided, ms: slowest", peer, decided.getLast());
        figures.note("one broker lost, replayed, ms: median", peer, replayed.get(ROUNDS / 2));
    }

    private void loseRack(ClusterImage image, Peer peer, Figures figures) {
        List<Integer> rack = new ArrayList<>();
        for (int id = 0; id < BROKERS; id += RACKS) {
            rack.add(id);
        }
        long start = System.nanoTime();
        List<Message> records = brokers.fence(image, rack);
        figures.note("a rack of 100 brokers lost, decided, ms", peer, secondsSince(start) * 1e3);
        figures.note("a rack of 100 brokers lost, changes of partitions", peer, records.size() - rack.size());
        start = System.nanoTime();
        ClusterImage after = image.replay(records);
        figures.note("a rack of 100 brokers lost, replayed, ms", peer, secondsSince(start) * 1e3);
        check(after.partitionsWithoutLeader().isEmpty(), "every partition has a leader");
    }

    /** Leaders that say that a follower is out of sync, each alone. */
    private void shrinkIsrs(ClusterImage cluster, Peer peer, Figures figures) {
        ClusterImage image = cluster;
        IsrChanges changes = new IsrChanges(settings);
        int count = 2_000;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int index = i % partitionsOfTopic;
            PartitionRecord partition = Objects.requireNonNull(image.partition("topic-" + i % TOPICS, index));
            var wanted = AlterPartitionRequest.PartitionData.builder()
                    .partitionIndex(index)
                    .leaderEpoch(partition.leaderEpoch())
                    .partitionEpoch(partition.partitionEpoch())
                    .newIsrWithEpochs(
                            List.of(new AlterPartitionRequest.BrokerState(partition.leader(), partition.leader())))
                    .build();
            var request = new AlterPartitionRequest(
                    partition.leader(),
                    partition.leader(),
                    List.of(new AlterPartitionRequest.TopicData(partition.topicId(), List.of(wanted))));
            Outcome<AlterPartitionResponse> outcome = changes.alter(image, request, (short) 3);
            image = image.replay(outcome.records());
        }
        figures.note("an ISR changed, decided and replayed, us", peer, secondsSince(start) * 1e6 / count);
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void check(boolean holds, @Nullable String what) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + what);
        }
    }
}

package io.milena.cli;

import io.milena.cli.PartitionPlan.Place;
import io.milena.cli.client.ClusterClient;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.balance.BalanceGoals;
import io.milena.metadata.balance.BalancePlan;
import io.milena.metadata.balance.Move;
import io.milena.metadata.balance.ReplicaLoad;
import io.milena.protocol.Message;
import io.milena.protocol.message.ElectLeadersRequest;
import io.milena.protocol.message.ElectLeadersResponse;
import io.milena.protocol.message.ListPartitionReassignmentsResponse.OngoingPartitionReassignment;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.TopicRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A plan of moves that makes a cluster even, by what its brokers say of themselves; and its execution. */
final class Rebalance {
    private static final double BYTES_PER_MB = 1e6;
    private static final double TOLERANCE = 0.1;
    private static final int TIMEOUT_MS = 30_000;

    private final ClusterClient client;
    private final Terminal terminal;

    Rebalance(ClusterClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    /** @param leaving brokers that shall have nothing any more */
    BalancePlan plan(Set<Integer> leaving, int movesMax) throws IOException {
        MetadataResponse metadata = client.metadata(null);
        Set<Integer> known = Set.copyOf(
                metadata.brokers().stream().map(broker -> broker.nodeId()).toList());
        for (int broker : leaving) {
            if (!known.contains(broker)) {
                throw new CommandFailure("broker " + broker + " is not there; there are "
                        + known.stream().sorted().toList());
            }
        }
        Map<UUID, String> names = new HashMap<>();
        metadata.topics().forEach(topic -> names.put(topic.topicId(), String.valueOf(topic.name())));
        ReplicaSizes sizes = ReplicaSizes.ask(client);
        return BalancePlan.of(
                image(metadata, Reassignment.underWay(client)),
                (topicId, partition, broker) -> {
                    Place place = new Place(names.getOrDefault(topicId, ""), partition);
                    long own = sizes.of(place, broker);
                    return new ReplicaLoad(own == 0 ? sizes.of(place) : own, 0, 0); // one that is down has as much
                },
                new BalanceGoals(leaving, TOLERANCE, movesMax));
    }

    /** What the brokers say, in the form that plans are made of. */
    private static ClusterImage image(MetadataResponse metadata, Map<Place, OngoingPartitionReassignment> underWay) {
        List<Message> records = new ArrayList<>();
        metadata.brokers()
                .forEach(broker -> records.add(RegisterBrokerRecord.builder()
                        .brokerId(broker.nodeId())
                        .rack(broker.rack())
                        .fenced(false)
                        .build()));
        for (MetadataResponseTopic topic : metadata.topics()) {
            records.add(new TopicRecord(String.valueOf(topic.name()), topic.topicId()));
            for (MetadataResponsePartition partition : topic.partitions()) {
                OngoingPartitionReassignment moving =
                        underWay.get(new Place(String.valueOf(topic.name()), partition.partitionIndex()));
                records.add(PartitionRecord.builder()
                        .topicId(topic.topicId())
                        .partitionId(partition.partitionIndex())
                        .replicas(partition.replicaNodes())
                        .isr(partition.isrNodes())
                        .addingReplicas(moving == null ? List.of() : moving.addingReplicas())
                        .removingReplicas(moving == null ? List.of() : moving.removingReplicas())
                        .leader(partition.leaderId())
                        .directories(
                                Collections.nCopies(partition.replicaNodes().size(), Controller.UNASSIGNED_DIRECTORY))
                        .build());
            }
        }
        return ClusterImage.EMPTY.replay(records);
    }

    /** Every move, and what each broker has before and after. */
    void show(BalancePlan plan) throws IOException {
        if (plan.moves().isEmpty()) {
            terminal.out().println("Nothing is to be moved");
            return;
        }
        for (Move move : plan.moves()) {
            terminal.out()
                    .println(new Place(move.topic(), move.partition()) + "  " + move.from() + " -> " + move.to()
                            + (move.bytes() == 0 ? "" : "  " + megabytes(move.bytes())));
        }
        Map<Integer, int[]> counts = new TreeMap<>();
        client.brokers().forEach(broker -> counts.put(broker.nodeId(), new int[4]));
        Map<Place, List<Integer>> after = targets(plan).brokers();
        for (MetadataResponseTopic topic : client.metadata(null).topics()) {
            for (MetadataResponsePartition partition : topic.partitions()) {
                Place place = new Place(String.valueOf(topic.name()), partition.partitionIndex());
                count(counts, partition.replicaNodes(), 0);
                count(counts, after.getOrDefault(place, partition.replicaNodes()), 2);
            }
        }
        counts.forEach((broker, count) -> terminal.out()
                .println("broker " + broker + "  replicas " + count[0] + " -> " + count[2] + "  preferred leader of "
                        + count[1] + " -> " + count[3]));
        terminal.out().println(plan.moves().size() + " partition(s), " + megabytes(plan.bytes()) + " to copy");
    }

    private static void count(Map<Integer, int[]> counts, List<Integer> replicas, int at) {
        for (int i = 0; i < replicas.size(); i++) {
            int[] count = counts.computeIfAbsent(replicas.get(i), broker -> new int[4]);
            count[at]++;
            count[at + 1] += i == 0 ? 1 : 0;
        }
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / BYTES_PER_MB);
    }

    private static PartitionPlan targets(BalancePlan plan) throws IOException {
        PartitionPlan targets = PartitionPlan.of(List.of(), null);
        plan.moves().forEach(move -> targets.put(new Place(move.topic(), move.partition()), move.to()));
        return targets;
    }

    /** Carries it out, and has the new preferred leaders lead. */
    void execute(BalancePlan plan, @Nullable Long bytesPerSecond) throws IOException {
        if (plan.moves().isEmpty()) {
            return;
        }
        PartitionPlan targets = targets(plan);
        Reassignment reassignment = new Reassignment(client, terminal);
        reassignment.begin(targets, bytesPerSecond);
        reassignment.await(targets, bytesPerSecond != null);
        ElectLeadersRequest preferred = ElectLeadersRequest.builder()
                .topicPartitions(null)
                .timeoutMs(TIMEOUT_MS)
                .build();
        ClusterClient.check(
                client.sendToController(preferred, ElectLeadersResponse.class).errorCode(), "election");
    }
}

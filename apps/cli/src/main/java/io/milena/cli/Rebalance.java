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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan of moves that makes a cluster even, by what its brokers say of themselves; and its execution. */
final class Rebalance {
    private static final double BYTES_PER_MB = 1e6;
    private static final double TOLERANCE = 0.1;
    private static final int TIMEOUT_MS = 30_000;
    /** Of less traffic in a second, for each broker, nothing is moved: what is read and written by the way is never even. */
    private static final double TRAFFIC_LEAST = 100_000;

    private final ClusterClient client;
    private final Terminal terminal;

    Rebalance(ClusterClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    /**
     * Makes a plan.
     *
     * @param leaving brokers that shall have nothing any more
     * @param traffic what partitions carry
     */
    BalancePlan plan(Set<Integer> leaving, int movesMax, PartitionTraffic traffic) throws IOException {
        MetadataResponse metadata = client.metadata(null);
        Set<Integer> known = Set.copyOf(
                metadata.brokers().stream().map(broker -> broker.nodeId()).toList());
        Set<Integer> holders = new HashSet<>();
        eachPartition(metadata, (place, partition) -> holders.addAll(partition.replicaNodes()));
        for (int broker : leaving) {
            if (!known.contains(broker) && !holders.contains(broker)) {
                throw new CommandFailure("broker " + broker + " is not there; there are "
                        + known.stream().sorted().toList());
            }
        }
        Map<UUID, String> names = new HashMap<>();
        metadata.topics().forEach(topic -> names.put(topic.topicId(), String.valueOf(topic.name())));
        Map<Place, Integer> preferred = new HashMap<>();
        eachPartition(
                metadata,
                (place, partition) ->
                        preferred.put(place, partition.replicaNodes().getFirst()));
        ReplicaSizes sizes = ReplicaSizes.ask(client);
        PartitionTraffic weighed = traffic.sum() < TRAFFIC_LEAST * known.size() ? PartitionTraffic.NONE : traffic;
        return BalancePlan.of(
                image(metadata, Reassignment.underWay(client)),
                (topicId, partition, broker) -> {
                    Place place = new Place(names.getOrDefault(topicId, ""), partition);
                    long own = sizes.of(place, broker);
                    return new ReplicaLoad(
                            own == 0 ? sizes.of(place) : own, // one that is down has as much
                            weighed.in(place),
                            preferred.getOrDefault(place, -1) == broker ? weighed.out(place) : 0);
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

    private static void eachPartition(MetadataResponse metadata, BiConsumer<Place, MetadataResponsePartition> action) {
        for (MetadataResponseTopic topic : metadata.topics()) {
            for (MetadataResponsePartition partition : topic.partitions()) {
                action.accept(new Place(String.valueOf(topic.name()), partition.partitionIndex()), partition);
            }
        }
    }

    /** Every move, and what each broker has before and after. */
    void show(BalancePlan plan, PartitionTraffic traffic) throws IOException {
        if (plan.moves().isEmpty()) {
            terminal.out().println("Nothing is to be moved");
            return;
        }
        for (Move move : plan.moves()) {
            Place place = new Place(move.topic(), move.partition());
            double rate = traffic.in(place) + traffic.out(place);
            terminal.out()
                    .println(place + "  " + move.from() + " -> " + move.to()
                            + (move.bytes() == 0 ? "" : "  " + megabytes(move.bytes()))
                            + (rate == 0 ? "" : "  " + megabytes(Math.round(rate)) + "/s"));
        }
        Map<Integer, Share> after = shares(targets(plan).brokers(), traffic);
        shares(Map.of(), traffic).forEach((broker, share) -> {
            Share then = after.getOrDefault(broker, new Share());
            terminal.out()
                    .println("broker " + broker + "  replicas " + share.replicas + " -> " + then.replicas
                            + "  preferred leader of " + share.leaderships + " -> " + then.leaderships
                            + (traffic.sum() == 0
                                    ? ""
                                    : "  traffic " + megabytes(Math.round(share.bytesPerSecond)) + "/s -> "
                                            + megabytes(Math.round(then.bytesPerSecond)) + "/s"));
        });
        terminal.out().println(plan.moves().size() + " partition(s), " + megabytes(plan.bytes()) + " to copy");
    }

    /** What brokers that shall go keep, because there is nobody else to take it, and what to do about it. */
    void showWhatStays(BalancePlan plan, Set<Integer> leaving) throws IOException {
        Map<Place, List<Integer>> moved = targets(plan).brokers();
        Map<Place, List<Integer>> staying = new TreeMap<>();
        eachPartition(client.metadata(null), (place, partition) -> {
            List<Integer> replicas = moved.getOrDefault(place, partition.replicaNodes());
            if (replicas.stream().anyMatch(leaving::contains)) {
                staying.put(
                        place,
                        replicas.stream().filter(id -> !leaving.contains(id)).toList());
            }
        });
        staying.forEach((place, rest) -> terminal.out()
                .println(place + " stays: every other broker has it already, or there is none"
                        + (rest.isEmpty()
                                ? ""
                                : "; with fewer replicas it goes: milena partitions reassign " + place.topic() + ":"
                                        + place.partition() + "="
                                        + rest.stream().map(String::valueOf).collect(Collectors.joining(",")))));
    }

    /** The same for programs. */
    void showJson(BalancePlan plan, PartitionTraffic traffic) throws IOException {
        List<Map<String, Object>> moves = new ArrayList<>();
        for (Move move : plan.moves()) {
            Place place = new Place(move.topic(), move.partition());
            moves.add(Json.fields(
                    "topic", move.topic(),
                    "partition", move.partition(),
                    "from", move.from(),
                    "to", move.to(),
                    "bytes", move.bytes(),
                    "bytesPerSecond", Math.round(traffic.in(place) + traffic.out(place))));
        }
        Map<Integer, Share> after = shares(targets(plan).brokers(), traffic);
        List<Map<String, Object>> brokers = new ArrayList<>();
        shares(Map.of(), traffic)
                .forEach((broker, share) -> brokers.add(Json.fields(
                        "id",
                        broker,
                        "before",
                        share.json(),
                        "after",
                        after.getOrDefault(broker, new Share()).json())));
        terminal.out().println(Json.of(Json.fields("moves", moves, "bytes", plan.bytes(), "brokers", brokers)));
    }

    /** What each broker has where these partitions are elsewhere than now; of every broker that there is or will be needed. */
    private Map<Integer, Share> shares(Map<Place, List<Integer>> moved, PartitionTraffic traffic) throws IOException {
        Map<Integer, Share> shares = new TreeMap<>();
        client.brokers().forEach(broker -> shares.put(broker.nodeId(), new Share()));
        eachPartition(
                client.metadata(null),
                (place, partition) -> count(
                        shares,
                        moved.getOrDefault(place, partition.replicaNodes()),
                        traffic.in(place),
                        traffic.out(place)));
        return shares;
    }

    /** What a broker has. */
    private static final class Share {
        private int replicas;
        private int leaderships;
        private double bytesPerSecond;

        private Map<String, Object> json() {
            return Json.fields(
                    "replicas", replicas,
                    "preferredLeaderOf", leaderships,
                    "bytesPerSecond", Math.round(bytesPerSecond));
        }
    }

    /** What is written goes to every replica, and the first one is read, if it leads. */
    private static void count(Map<Integer, Share> shares, List<Integer> replicas, double in, double out) {
        for (int i = 0; i < replicas.size(); i++) {
            Share share = shares.computeIfAbsent(replicas.get(i), broker -> new Share());
            share.replicas++;
            share.leaderships += i == 0 ? 1 : 0;
            share.bytesPerSecond += in + (i == 0 ? out : 0);
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

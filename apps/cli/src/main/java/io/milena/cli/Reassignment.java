package io.milena.cli;

import io.milena.cli.PartitionPlan.Place;
import io.milena.cli.client.ClusterClient;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse.ReassignablePartitionResponse;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse.ReassignableTopicResponse;
import io.milena.protocol.message.ListPartitionReassignmentsRequest;
import io.milena.protocol.message.ListPartitionReassignmentsResponse;
import io.milena.protocol.message.ListPartitionReassignmentsResponse.OngoingPartitionReassignment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends partitions to other brokers, and waits until they are there. */
final class Reassignment {
    private static final int TIMEOUT_MS = 30_000;
    private static final int LOOK_MS = 500;

    private final ClusterClient client;
    private final Terminal terminal;

    Reassignment(ClusterClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    /** What is under way, by partition. */
    static TreeMap<Place, OngoingPartitionReassignment> underWay(ClusterClient client) throws IOException {
        ListPartitionReassignmentsRequest all = ListPartitionReassignmentsRequest.builder()
                .timeoutMs(TIMEOUT_MS)
                .topics(null)
                .build();
        ListPartitionReassignmentsResponse response =
                client.sendToController(all, ListPartitionReassignmentsResponse.class);
        ClusterClient.check(response.errorCode(), "reassignments", response.errorMessage());
        TreeMap<Place, OngoingPartitionReassignment> found = new TreeMap<>();
        response.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition ->
                                found.put(new Place(topic.name(), partition.partitionIndex()), partition)));
        return found;
    }

    /**
     * Begins it.
     *
     * @param bytesPerSecond the limit; null for none
     */
    void begin(PartitionPlan plan, @Nullable Long bytesPerSecond) throws IOException {
        if (bytesPerSecond != null) {
            new CopyLimit(client).set(topics(plan.brokers().keySet()), bytesPerSecond);
        }
        alter(plan.brokers());
    }

    private static Set<String> topics(Set<Place> places) {
        Set<String> topics = new TreeSet<>();
        places.forEach(place -> topics.add(place.topic()));
        return topics;
    }

    /** Calls off what is under way, of these partitions or, where there are none, of all; answers which it was. */
    Set<Place> cancel(Set<Place> wanted) throws IOException {
        Set<Place> cancelled = new TreeSet<>(wanted.isEmpty() ? underWay(client).keySet() : wanted);
        Map<Place, List<Integer>> targets = new TreeMap<>();
        cancelled.forEach(place -> targets.put(place, List.of()));
        if (!targets.isEmpty()) {
            alter(targets);
            new CopyLimit(client).remove(topics(cancelled));
        }
        return cancelled;
    }

    /** An empty list of brokers calls it off. */
    private void alter(Map<Place, List<Integer>> targets) throws IOException {
        Map<String, List<ReassignablePartition>> topics = new TreeMap<>();
        targets.forEach((place, brokers) -> topics.computeIfAbsent(place.topic(), name -> new ArrayList<>())
                .add(new ReassignablePartition(place.partition(), brokers.isEmpty() ? null : brokers)));
        AlterPartitionReassignmentsResponse response = client.sendToController(
                AlterPartitionReassignmentsRequest.builder()
                        .timeoutMs(TIMEOUT_MS)
                        .topics(topics.entrySet().stream()
                                .map(topic -> new ReassignableTopic(topic.getKey(), topic.getValue()))
                                .toList())
                        .build(),
                AlterPartitionReassignmentsResponse.class);
        ClusterClient.check(response.errorCode(), "reassignment", response.errorMessage());
        for (ReassignableTopicResponse topic : response.responses()) {
            for (ReassignablePartitionResponse partition : topic.partitions()) {
                ClusterClient.check(
                        partition.errorCode(),
                        "partition " + new Place(topic.name(), partition.partitionIndex()),
                        partition.errorMessage());
            }
        }
    }

    /** Waits until all is where it shall be, and takes the limit away then. */
    void await(PartitionPlan plan, boolean isLimited) throws IOException {
        Progress progress = new Progress(terminal, plan.brokers().size());
        while (true) {
            TreeMap<Place, OngoingPartitionReassignment> left = underWay(client);
            left.keySet().retainAll(plan.brokers().keySet());
            if (left.isEmpty()) {
                break;
            }
            ReplicaSizes sizes = ReplicaSizes.ask(client);
            long missing = 0;
            for (Map.Entry<Place, OngoingPartitionReassignment> each : left.entrySet()) {
                for (int broker : each.getValue().addingReplicas()) {
                    missing += Math.max(0, sizes.of(each.getKey()) - sizes.of(each.getKey(), broker));
                }
            }
            progress.show(plan.brokers().size() - left.size(), missing);
            pause();
        }
        if (isLimited) {
            new CopyLimit(client).remove(topics(plan.brokers().keySet()));
        }
        progress.end();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted; the reassignment goes on");
        }
    }
}

package io.milena.console;

import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.runtime.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How much is written to each partition of the cluster, from two looks at where it ends and how large it is. Those of which this broker has a replica are looked at every ten seconds ({@link Sampler}); others only when somebody
 * asks, so that the first who asks does not hear of them. Any thread may ask.
 */
final class Traffic {
    private static final double NANOS_PER_SECOND = 1e9;
    /** What is known for so long is asked for again. */
    private static final long LOOK_NANOS = 15_000_000_000L;
    /** A rate over more than this says nothing of now. */
    private static final long SPAN_NANOS_MAX = 120_000_000_000L;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Place, Looks> looks = new HashMap<>();

    Traffic(Clock clock) {
        this.clock = clock;
    }

    /** A partition. */
    record Place(String topic, int partition) {}

    /** What was seen of it. */
    record Look(long nanos, long end, long bytes) {}

    private record Looks(@Nullable Look before, Look now) {}

    /**
     * What is written in a second.
     *
     * @param bytes as they are stored; 0 where more is deleted than written
     */
    record Rate(double records, double bytes) {
        static final Rate NOTHING = new Rate(0, 0);

        Rate plus(Rate other) {
            return new Rate(records + other.records, bytes + other.bytes);
        }
    }

    /** What was seen; what was not seen for long is forgotten. */
    void note(Map<Place, Look> seen) {
        long now = clock.nanos();
        lock.lock();
        try {
            looks.values().removeIf(known -> now - known.now.nanos > SPAN_NANOS_MAX);
            seen.forEach((place, look) -> {
                Looks known = looks.get(place);
                looks.put(place, new Looks(known == null ? null : known.now, look));
            });
        } finally {
            lock.unlock();
        }
    }

    /** Of these topics; a partition that has been seen only once has none. */
    Map<Place, Rate> rates(
            Cluster cluster, List<MetadataResponseTopic> topics, Map<Integer, List<DescribeLogDirsResult>> directories)
            throws BadRequest {
        note(look(cluster, topics, directories));
        Map<Place, Rate> rates = new HashMap<>();
        lock.lock();
        try {
            for (MetadataResponseTopic topic : topics) {
                for (MetadataResponsePartition partition : topic.partitions()) {
                    Place place = new Place(Cluster.name(topic), partition.partitionIndex());
                    Looks known = looks.get(place);
                    Rate rate = known == null ? null : rate(known);
                    if (rate != null) {
                        rates.put(place, rate);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        return rates;
    }

    private static @Nullable Rate rate(Looks looks) {
        Look before = looks.before;
        long nanos = before == null ? 0 : looks.now.nanos - before.nanos;
        if (before == null || nanos <= 0 || nanos > SPAN_NANOS_MAX || looks.now.end < before.end) {
            return null;
        }
        double seconds = nanos / NANOS_PER_SECOND;
        return new Rate((looks.now.end - before.end) / seconds, Math.max(0, looks.now.bytes - before.bytes) / seconds);
    }

    /** Asks the leaders of those of which nothing was seen lately. */
    private Map<Place, Look> look(
            Cluster cluster, List<MetadataResponseTopic> topics, Map<Integer, List<DescribeLogDirsResult>> directories)
            throws BadRequest {
        Map<Integer, Map<String, List<ListOffsetsPartition>>> byLeader = new TreeMap<>();
        long now = clock.nanos();
        lock.lock();
        try {
            for (MetadataResponseTopic topic : topics) {
                for (MetadataResponsePartition partition : topic.partitions()) {
                    Looks known = looks.get(new Place(Cluster.name(topic), partition.partitionIndex()));
                    if (partition.leaderId() >= 0 && (known == null || now - known.now.nanos > LOOK_NANOS)) {
                        byLeader.computeIfAbsent(partition.leaderId(), leader -> new TreeMap<>())
                                .computeIfAbsent(Cluster.name(topic), name -> new ArrayList<>())
                                .add(new ListOffsetsPartition(partition.partitionIndex(), -1, Offsets.LATEST));
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        Map<Place, Look> seen = new HashMap<>();
        Map<String, Map<Integer, Long>> sizes = byLeader.isEmpty() ? Map.of() : Cluster.sizes(directories);
        for (Map.Entry<Integer, Map<String, List<ListOffsetsPartition>>> asked : byLeader.entrySet()) {
            ends(cluster, asked.getKey(), asked.getValue()).forEach((place, end) -> {
                Long bytes = sizes.getOrDefault(place.topic, Map.of()).get(place.partition);
                if (bytes != null) {
                    seen.put(place, new Look(clock.nanos(), end, bytes));
                }
            });
        }
        return seen;
    }

    /** None of a leader that does not answer: it is a rate that is missing, not the page. */
    private static Map<Place, Long> ends(Cluster cluster, int leader, Map<String, List<ListOffsetsPartition>> asked) {
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(asked.entrySet().stream()
                        .map(topic -> new ListOffsetsTopic(topic.getKey(), topic.getValue()))
                        .toList())
                .build();
        Map<Place, Long> ends = new HashMap<>();
        try {
            cluster.ask(leader, request, ListOffsetsResponse.class)
                    .topics()
                    .forEach(topic -> topic.partitions().stream()
                            .filter(partition -> partition.offset() >= 0)
                            .forEach(partition ->
                                    ends.put(new Place(topic.name(), partition.partitionIndex()), partition.offset())));
        } catch (BadRequest e) {
            return Map.of();
        }
        return ends;
    }
}

package io.milena.broker.topics;

import io.milena.metadata.RestoredTopic;
import io.milena.protocol.message.DescribeTrashResponse.TrashReplicas;
import io.milena.protocol.message.DescribeTrashResponse.TrashSetting;
import io.milena.protocol.message.DescribeTrashResponse.TrashTopic;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A deleted topic, put together from what brokers have of it. A broker that was down at the deletion has its files, and knows little else; the others know.
 *
 * @param byBroker at least one
 * @param known of them, from when most was known of the topic
 */
record TrashedParts(Map<Integer, TrashTopic> byBroker, TrashTopic known) {
    static TrashedParts of(Map<Integer, TrashTopic> byBroker) {
        Comparator<TrashTopic> knowingMost =
                Comparator.comparingInt(TrashedParts::ignorance).thenComparingLong(TrashTopic::deletedAtMs);
        return new TrashedParts(
                new TreeMap<>(byBroker),
                byBroker.values().stream().min(knowingMost).orElseThrow());
    }

    private static int ignorance(TrashTopic part) {
        return part.replicas().isEmpty() ? part.isOwn() ? 1 : 2 : 0;
    }

    UUID id() {
        return known.topicId();
    }

    String name() {
        return known.name();
    }

    /** Of all replicas together. */
    long sizeInBytes() {
        return byBroker.values().stream().mapToLong(TrashTopic::sizeBytes).sum();
    }

    long goesAtMs() {
        return byBroker.values().stream().mapToLong(TrashTopic::goesAtMs).min().orElseThrow();
    }

    /** Whether it is known which brokers had it. */
    boolean isKnown(boolean isAlone) {
        return !known.replicas().isEmpty() || known.isOwn() || isAlone;
    }

    RestoredTopic restored(String newName) {
        Map<String, String> settings =
                known.settings().stream().collect(Collectors.toMap(TrashSetting::name, TrashSetting::value));
        int leaderEpoch = byBroker.values().stream()
                .mapToInt(TrashTopic::leaderEpoch)
                .max()
                .orElse(0);
        return new RestoredTopic(newName, id(), leaderEpoch, settings, partitions());
    }

    private List<RestoredTopic.Partition> partitions() {
        if (known.replicas().isEmpty()) { // all was on the one that knows, be there files of a partition or not
            List<Integer> one = byBroker.entrySet().stream()
                    .filter(part -> part.getValue().equals(known))
                    .map(Map.Entry::getKey)
                    .toList();
            return Collections.nCopies(Math.max(0, known.partitions()), new RestoredTopic.Partition(one, one, one));
        }
        Map<Integer, Set<Integer>> held = new TreeMap<>();
        byBroker.forEach((broker, part) -> held.put(broker, new HashSet<>(part.held())));
        List<TrashReplicas> replicas = known.replicas();
        return IntStream.range(0, replicas.size())
                .mapToObj(partition -> new RestoredTopic.Partition(
                        replicas.get(partition).all(),
                        replicas.get(partition).inSync(),
                        held.entrySet().stream()
                                .filter(broker -> broker.getValue().contains(partition))
                                .map(Map.Entry::getKey)
                                .toList()))
                .toList();
    }
}

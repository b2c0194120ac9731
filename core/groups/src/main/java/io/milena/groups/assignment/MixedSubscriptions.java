package io.milena.groups.assignment;

import io.milena.groups.assignment.Assignor.Question;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Shares partitions among members with different topics: everybody keeps what it had, what is free goes to who has the least of those who may have it, the partitions with the fewest takers first; then
 * partitions move from who has more to who has less, as long as that makes the two more equal. Each such move makes the sum of the squares of all sizes smaller, so there is an end.
 */
final class MixedSubscriptions {
    private final Question question;
    private final SortedMap<UUID, List<String>> takers = new TreeMap<>();
    private final SortedMap<String, SortedSet<PartitionId>> assignment = new TreeMap<>();
    private final SortedMap<PartitionId, String> owners = new TreeMap<>();

    MixedSubscriptions(Question question) {
        this.question = question;
        question.partitionCounts().keySet().forEach(topic -> takers.put(topic, new ArrayList<>()));
        question.members().forEach((id, member) -> {
            assignment.put(id, new TreeSet<>());
            member.topics().forEach(topic -> takersOf(topic).add(id));
        });
    }

    private List<String> takersOf(UUID topic) {
        return takers.computeIfAbsent(topic, any -> new ArrayList<>());
    }

    private SortedSet<PartitionId> shareOf(String member) {
        return assignment.computeIfAbsent(member, any -> new TreeSet<>());
    }

    SortedMap<String, SortedSet<PartitionId>> assign() {
        SortedSet<PartitionId> all = UniformAssignor.all(question.partitionCounts());
        question.members()
                .forEach((id, member) -> member.before().stream()
                        .filter(partition -> all.contains(partition))
                        .filter(partition -> member.topics().contains(partition.topicId()))
                        .forEach(partition -> give(partition, id)));
        all.stream()
                .filter(partition -> !owners.containsKey(partition))
                .sorted(Comparator.comparingInt((PartitionId partition) ->
                                takersOf(partition.topicId()).size())
                        .thenComparing(Comparator.naturalOrder()))
                .forEach(partition -> takersOf(partition.topicId()).stream()
                        .min(bySize())
                        .ifPresent(taker -> give(partition, taker)));
        while (moveSome()) {
            // another round, until nothing moves
        }
        return assignment;
    }

    private Comparator<String> bySize() {
        return Comparator.comparingInt((String member) -> shareOf(member).size())
                .thenComparing(Comparator.naturalOrder());
    }

    private void give(PartitionId partition, String member) {
        if (owners.putIfAbsent(partition, member) == null) {
            shareOf(member).add(partition);
        }
    }

    private boolean moveSome() {
        boolean hasMoved = false;
        for (Map.Entry<PartitionId, String> each : owners.entrySet()) {
            String owner = each.getValue();
            String least =
                    takersOf(each.getKey().topicId()).stream().min(bySize()).orElse(owner);
            if (shareOf(owner).size() - shareOf(least).size() > 1) {
                shareOf(owner).remove(each.getKey());
                shareOf(least).add(each.getKey());
                each.setValue(least);
                hasMoved = true;
            }
        }
        return hasMoved;
    }
}

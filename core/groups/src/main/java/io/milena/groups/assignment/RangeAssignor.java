package io.milena.groups.assignment;

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
 * Each topic by itself is cut into ranges, one for each of its members in their order. So partitions of the same number of topics with the same number of partitions and the same members go together.
 */
public final class RangeAssignor implements Assignor {
    /** Static members first, in the order of names that restarts do not change. */
    private static final Comparator<Map.Entry<String, Subscriber>> ORDER = Comparator.comparing(
                    (Map.Entry<String, Subscriber> member) -> member.getValue().instanceId(),
                    Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Map.Entry::getKey);

    @Override
    public String name() {
        return "range";
    }

    @Override
    public SortedMap<String, SortedSet<PartitionId>> assign(Question question) {
        SortedMap<String, SortedSet<PartitionId>> assignment = new TreeMap<>();
        question.members().keySet().forEach(id -> assignment.put(id, new TreeSet<>()));
        List<Map.Entry<String, Subscriber>> members =
                question.members().entrySet().stream().sorted(ORDER).toList();
        question.partitionCounts().forEach((topic, count) -> share(topic, count, members, assignment));
        return assignment;
    }

    private static void share(
            UUID topic,
            int count,
            List<Map.Entry<String, Subscriber>> members,
            Map<String, SortedSet<PartitionId>> assignment) {
        List<SortedSet<PartitionId>> shares = new ArrayList<>();
        for (Map.Entry<String, Subscriber> member : members) {
            if (member.getValue().topics().contains(topic)) {
                shares.add(assignment.getOrDefault(member.getKey(), new TreeSet<>()));
            }
        }
        int next = 0;
        for (int i = 0; i < shares.size(); i++) {
            int end = next + count / shares.size() + (i < count % shares.size() ? 1 : 0);
            while (next < end) {
                shares.get(i).add(new PartitionId(topic, next++));
            }
        }
    }
}

package io.milena.groups.assignment;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Everybody gets as many partitions as everybody else, or one more, and keeps as many of those it had as that allows. Where members subscribe to different topics, {@link MixedSubscriptions} comes as
 * near to that as their topics allow.
 */
public final class UniformAssignor implements Assignor {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public SortedMap<String, SortedSet<PartitionId>> assign(Question question) {
        if (question.members().isEmpty()) {
            return new TreeMap<>();
        }
        SortedSet<UUID> topics = question.members().values().iterator().next().topics();
        boolean areEqual = question.members().values().stream()
                .allMatch(member -> member.topics().equals(topics));
        return areEqual ? shareEqually(question) : new MixedSubscriptions(question).assign();
    }

    private static SortedMap<String, SortedSet<PartitionId>> shareEqually(Question question) {
        SortedSet<PartitionId> free = all(question.partitionCounts());
        int least = free.size() / question.members().size();
        int oneMore = free.size() % question.members().size();
        SortedMap<String, SortedSet<PartitionId>> assignment = kept(question, free, least, oneMore);
        int left = oneMore
                - (int) assignment.values().stream()
                        .filter(share -> share.size() > least)
                        .count();
        Deque<SortedSet<PartitionId>> open = new ArrayDeque<>();
        Iterator<PartitionId> rest = free.iterator();
        assignment.values().stream().filter(share -> share.size() < least).forEach(open::add);
        while (!open.isEmpty()) {
            SortedSet<PartitionId> share = open.remove();
            share.add(rest.next());
            if (share.size() < least) {
                open.add(share);
            }
        }
        for (SortedSet<PartitionId> share : assignment.values()) {
            if (left > 0 && share.size() == least && rest.hasNext()) {
                share.add(rest.next());
                left--;
            }
        }
        return assignment;
    }

    static SortedSet<PartitionId> all(SortedMap<UUID, Integer> partitionCounts) {
        SortedSet<PartitionId> all = new TreeSet<>();
        partitionCounts.forEach((topic, count) -> {
            for (int i = 0; i < count; i++) {
                all.add(new PartitionId(topic, i));
            }
        });
        return all;
    }

    /** What each keeps; takes it out of what is free. */
    private static SortedMap<String, SortedSet<PartitionId>> kept(
            Question question, SortedSet<PartitionId> free, int least, int oneMore) {
        SortedMap<String, SortedSet<PartitionId>> kept = new TreeMap<>();
        int left = oneMore;
        for (Map.Entry<String, Subscriber> member : question.members().entrySet()) {
            SortedSet<PartitionId> share = new TreeSet<>();
            for (PartitionId partition : member.getValue().before()) {
                boolean hasRoom = share.size() < least || (share.size() == least && left > 0);
                if (hasRoom && free.remove(partition)) {
                    left -= share.size() == least ? 1 : 0;
                    share.add(partition);
                }
            }
            kept.put(member.getKey(), share);
        }
        return kept;
    }
}

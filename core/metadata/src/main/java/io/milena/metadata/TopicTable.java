package io.milena.metadata;

import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.record.PartitionRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The topics of an image: by name, by id and by the number that the index of partitions knows them by. Numbers are an image's own affair: no record has them, and a
 * snapshot gives others. So whatever leaves this table is in the order of names.
 *
 * @param nextNumber greater than every number given out before
 */
record TopicTable(
        SortedTree<String, Topic> byName,
        SortedTree<UUID, Known> byId,
        SortedTree<Integer, String> byNumber,
        int nextNumber,
        PartitionIndex index) {
    static final TopicTable EMPTY =
            new TopicTable(SortedTree.empty(), SortedTree.empty(), SortedTree.empty(), 0, PartitionIndex.EMPTY);

    /** What else is known of an id. */
    record Known(String name, int number) {}

    @Nullable
    Topic topic(UUID id) {
        Known known = byId.find(id);
        return known == null ? null : byName.find(known.name);
    }

    /** The partitions of some keys, in the order of topics' names and partitions' numbers. */
    List<PartitionRecord> partitions(KeySet keys) {
        List<Topic> topics = new ArrayList<>();
        List<List<PartitionRecord>> found = new ArrayList<>();
        int[] last = {-1};
        keys.forEach(key -> {
            int number = PartitionIndex.topicNumber(key);
            if (number != last[0]) {
                last[0] = number;
                topics.add(numbered(number));
                found.add(new ArrayList<>());
            }
            found.getLast().add(topics.getLast().partitions().get(PartitionIndex.partition(key)));
        });
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing(i -> topics.get(i).name()));
        List<PartitionRecord> sorted = new ArrayList<>(keys.size());
        order.forEach(i -> sorted.addAll(found.get(i)));
        return sorted;
    }

    private Topic numbered(int number) {
        String name = byNumber.find(number);
        Topic topic = name == null ? null : byName.find(name);
        if (topic == null) {
            throw new IllegalStateException("the index knows a topic that is not there: number " + number);
        }
        return topic;
    }
}

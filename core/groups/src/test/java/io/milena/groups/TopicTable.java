package io.milena.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Topics of a test: each has the id that its name gives it. */
record TopicTable(SortedMap<String, Topics.Topic> byName) implements Topics {
    /** @param namesAndCounts {@code orders:3} */
    static TopicTable of(String... namesAndCounts) {
        SortedMap<String, Topics.Topic> topics = new TreeMap<>();
        for (String each : namesAndCounts) {
            String[] parts = each.split(":");
            topics.put(parts[0], new Topics.Topic(parts[0], id(parts[0]), Integer.parseInt(parts[1])));
        }
        return new TopicTable(topics);
    }

    static UUID id(String name) {
        return new UUID(1, name.hashCode());
    }

    @Override
    public @Nullable Topic topic(String name) {
        return byName.get(name);
    }

    @Override
    public @Nullable Topic topic(UUID id) {
        return byName.values().stream()
                .filter(topic -> topic.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<String> names() {
        return new ArrayList<>(byName.keySet());
    }
}

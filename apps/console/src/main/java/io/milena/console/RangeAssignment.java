package io.milena.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Kafka's range assignor: of each topic, members in the order of their ids get partitions that lie together, the first of them one more where they do not come out even. */
final class RangeAssignment {
    static final String NAME = "range";

    private RangeAssignment() {}

    /**
     * What each member gets, by topic.
     *
     * @param subscriptions by member
     * @param partitions of each topic; topics that are not there have none
     */
    static Map<String, Map<String, List<Integer>>> of(
            Map<String, List<String>> subscriptions, Map<String, Integer> partitions) {
        Map<String, Map<String, List<Integer>>> assigned = new TreeMap<>();
        TreeMap<String, List<String>> byTopic = new TreeMap<>();
        new TreeMap<>(subscriptions).forEach((member, topics) -> {
            assigned.put(member, new TreeMap<>());
            topics.stream()
                    .distinct()
                    .forEach(topic -> byTopic.computeIfAbsent(topic, name -> new ArrayList<>())
                            .add(member));
        });
        byTopic.forEach((topic, members) -> {
            int count = partitions.getOrDefault(topic, 0);
            int each = count / members.size();
            int more = count % members.size();
            int next = 0;
            for (int i = 0; i < members.size(); i++) {
                List<Integer> given = new ArrayList<>();
                for (int left = each + (i < more ? 1 : 0); left > 0; left--) {
                    given.add(next++);
                }
                Map<String, List<Integer>> ofMember = assigned.get(members.get(i));
                if (ofMember != null && !given.isEmpty()) {
                    ofMember.put(topic, given);
                }
            }
        });
        return assigned;
    }
}

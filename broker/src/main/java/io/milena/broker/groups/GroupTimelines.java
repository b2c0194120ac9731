package io.milena.broker.groups;

import io.milena.groups.GroupEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last events of the groups of one partition, in memory: since it was loaded, and no more than so many. Guarded by the lock of its owner. */
final class GroupTimelines {
    private static final int EVENTS_MAX = 200;
    /** Groups whose events are kept; those longest without one are forgotten first. */
    private static final int GROUPS_MAX = 1000;

    private final Map<String, Timeline> timelines = new LinkedHashMap<>(16, 0.75f, true);

    /** An event and when it was decided. */
    record Timed(long timeMs, GroupEvent event) {}

    /** What is remembered of a group, the oldest first. */
    record Remembered(List<Timed> events, boolean isComplete) {}

    private static final class Timeline {
        private final Deque<Timed> events = new ArrayDeque<>();
        private boolean hasForgotten;

        /** Whether all that ever happened to the group is there: it begins with the first that joined. */
        private boolean isComplete() {
            return !hasForgotten && events.getFirst().event.generation() == 0;
        }
    }

    void add(String groupId, long timeMs, GroupEvent event) {
        Timeline timeline = timelines.computeIfAbsent(groupId, id -> new Timeline());
        if (timeline.events.size() == EVENTS_MAX) {
            timeline.events.removeFirst();
            timeline.hasForgotten = true;
        }
        timeline.events.addLast(new Timed(timeMs, event));
        if (timelines.size() > GROUPS_MAX) {
            timelines.remove(timelines.keySet().iterator().next());
        }
    }

    Remembered of(String groupId) {
        Timeline timeline = timelines.get(groupId);
        return timeline == null
                ? new Remembered(List.of(), false)
                : new Remembered(List.copyOf(timeline.events), timeline.isComplete());
    }
}

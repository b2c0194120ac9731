package io.milena.broker.cluster;

import io.milena.metadata.ClusterImage;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import io.milena.runtime.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of settings that this process has heard of from the metadata log, in memory. What was there when it started is one state without a past. Safe for use by many threads.
 */
public final class SettingHistory {
    private static final int CHANGES_MAX = 1000;

    private final Clock clock;
    private final Deque<Change> changes = new ArrayDeque<>();
    private boolean isComplete = true;

    SettingHistory(Clock clock) {
        this.clock = clock;
    }

    /**
     * One setting of one resource has changed.
     *
     * @param offset in the metadata log
     * @param timeMs when it was heard of
     * @param before the resource's own value, or null
     */
    public record Change(
            long offset,
            long timeMs,
            ClusterImage.Resource resource,
            String name,
            @Nullable String before,
            @Nullable String after) {}

    /** The changes of a resource, the oldest first. */
    public record Known(List<Change> changes, boolean isComplete) {}

    /** The metadata are there as one state: how it came to be is not told. */
    synchronized void begin() {
        changes.clear();
        isComplete = false;
    }

    /**
     * Records were committed.
     *
     * @param before the metadata before them
     */
    synchronized void hear(ClusterImage before, long baseOffset, List<Message> records) {
        Map<ClusterImage.Resource, Map<String, @Nullable String>> own = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i) instanceof ConfigRecord(byte type, String resource, String name, String value)) {
                ClusterImage.Resource changed = new ClusterImage.Resource(type, resource);
                Map<String, @Nullable String> values =
                        own.computeIfAbsent(changed, key -> new HashMap<>(before.settings(key)));
                String old = values.put(name, value);
                if (!Objects.equals(old, value)) {
                    add(new Change(baseOffset + i, clock.millis(), changed, name, old, value));
                }
            }
        }
    }

    private void add(Change change) {
        if (changes.size() == CHANGES_MAX) {
            changes.removeFirst();
            isComplete = false;
        }
        changes.addLast(change);
    }

    public synchronized Known of(ClusterImage.Resource resource) {
        return new Known(
                changes.stream()
                        .filter(change -> change.resource.equals(resource))
                        .toList(),
                isComplete);
    }
}

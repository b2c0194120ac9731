package io.milena.broker.cluster;

import io.milena.metadata.ClusterImage;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of settings as the metadata log tells them, read from it again with every start. It reaches back to the newest snapshot, which is a state without a past. Safe for use by many threads.
 */
public final class SettingHistory {
    private static final int CHANGES_MAX = 1000;

    private final Deque<Change> changes = new ArrayDeque<>();
    private boolean isComplete = true;

    /**
     * One setting of one resource has changed.
     *
     * @param offset in the metadata log
     * @param timeMs when the controller has decided it
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
     * @param baseOffset of the first of them; all of a decision that was appended in parts come together, and count back from its end
     */
    synchronized void hear(ClusterImage before, long baseOffset, long timeMs, List<Message> records) {
        Map<ClusterImage.Resource, Map<String, @Nullable String>> own = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i) instanceof ConfigRecord(byte type, String resource, String name, String value)) {
                ClusterImage.Resource changed = new ClusterImage.Resource(type, resource);
                Map<String, @Nullable String> values =
                        own.computeIfAbsent(changed, key -> new HashMap<>(before.settings(key)));
                String old = values.put(name, value);
                if (!Objects.equals(old, value)) {
                    add(new Change(baseOffset + i, timeMs, changed, name, old, value));
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

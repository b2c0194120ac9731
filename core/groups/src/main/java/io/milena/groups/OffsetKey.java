package io.milena.groups;

import java.util.Comparator;

/** What an offset is committed for. */
record OffsetKey(String groupId, String topic, int partition) implements Comparable<OffsetKey> {
    private static final Comparator<OffsetKey> ORDER = Comparator.comparing(OffsetKey::groupId)
            .thenComparing(OffsetKey::topic)
            .thenComparingInt(OffsetKey::partition);

    @Override
    public int compareTo(OffsetKey other) {
        return ORDER.compare(this, other);
    }
}

package io.milena.groups;

import io.milena.protocol.record.OffsetCommitValue;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Offsets that were committed in transactions whose end is not known yet, by producer id. They become committed offsets with the marker that commits their transaction, unless something newer was
 * committed for the same partition meanwhile: the later record wins, as in Kafka. Changed by {@link GroupShard#replay} only.
 */
final class PendingOffsets {
    private final Map<Long, SortedMap<OffsetKey, Pending>> transactions = new TreeMap<>();
    private final SortedMap<OffsetKey, SortedSet<Long>> producers = new TreeMap<>();
    private long sequence;

    /** @param sequence grows with the records of the partition */
    private record Pending(long sequence, OffsetCommitValue value) {}

    void put(long producerId, OffsetKey key, OffsetCommitValue value) {
        transactions.computeIfAbsent(producerId, id -> new TreeMap<>()).put(key, new Pending(++sequence, value));
        producers.computeIfAbsent(key, any -> new TreeSet<>()).add(producerId);
    }

    /** Something newer than all that is pending was committed, or deleted. */
    void supersede(OffsetKey key) {
        supersedeUntil(key, Long.MAX_VALUE);
    }

    private void supersedeUntil(OffsetKey key, long lastSequence) {
        for (long producerId :
                producers.getOrDefault(key, Collections.emptySortedSet()).toArray(Long[]::new)) {
            Pending pending = ofProducer(producerId).get(key);
            if (pending != null && pending.sequence <= lastSequence) {
                remove(producerId, key);
            }
        }
    }

    /** The offsets of a transaction that is committed; nothing of it is pending any more. */
    SortedMap<OffsetKey, OffsetCommitValue> commit(long producerId) {
        SortedMap<OffsetKey, OffsetCommitValue> committed = new TreeMap<>();
        for (Map.Entry<OffsetKey, Pending> each : new TreeMap<>(ofProducer(producerId)).entrySet()) {
            committed.put(each.getKey(), each.getValue().value);
            supersedeUntil(each.getKey(), each.getValue().sequence);
        }
        return committed;
    }

    /** The transaction is aborted: it never was. */
    void abort(long producerId) {
        new TreeMap<>(ofProducer(producerId)).keySet().forEach(key -> remove(producerId, key));
    }

    private SortedMap<OffsetKey, Pending> ofProducer(long producerId) {
        return transactions.getOrDefault(producerId, Collections.emptySortedMap());
    }

    private void remove(long producerId, OffsetKey key) {
        SortedMap<OffsetKey, Pending> offsets = transactions.get(producerId);
        if (offsets != null) {
            offsets.remove(key);
            if (offsets.isEmpty()) {
                transactions.remove(producerId);
            }
        }
        SortedSet<Long> ofKey = producers.get(key);
        if (ofKey != null) {
            ofKey.remove(producerId);
            if (ofKey.isEmpty()) {
                producers.remove(key);
            }
        }
    }

    boolean has(OffsetKey key) {
        return producers.containsKey(key);
    }

    boolean has(String groupId) {
        SortedMap<OffsetKey, SortedSet<Long>> behind = producers.tailMap(new OffsetKey(groupId, "", -1));
        return !behind.isEmpty() && behind.firstKey().groupId().equals(groupId);
    }

    /** All that is pending. */
    SortedSet<OffsetKey> keys() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(producers.keySet()));
    }

    @Override
    public String toString() {
        return transactions.toString();
    }
}

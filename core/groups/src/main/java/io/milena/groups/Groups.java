package io.milena.groups;

import io.milena.protocol.record.GroupMetadataValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a shard knows: what its records say (the persistent part, changed by replaying only), and the live membership of its groups,
 * which a restart forgets back to the last finished round. Of consumer groups all but sessions is persistent.
 */
final class Groups {
    private final Map<String, GroupMetadataValue> stored = new TreeMap<>();
    private final CommittedOffsets offsets = new CommittedOffsets();
    private final KeptOffsets kept = new KeptOffsets();
    private final PendingOffsets pending = new PendingOffsets();
    private final Map<String, ClassicGroup> live = new TreeMap<>();
    private final Map<String, ConsumerGroup> consumers = new TreeMap<>();
    private Topics topics = Topics.NONE;

    Map<String, GroupMetadataValue> stored() {
        return stored;
    }

    CommittedOffsets offsets() {
        return offsets;
    }

    /** Of topics in the trash. */
    KeptOffsets kept() {
        return kept;
    }

    PendingOffsets pending() {
        return pending;
    }

    @Nullable
    ClassicGroup group(String groupId) {
        return live.get(groupId);
    }

    /** A group is of one kind at a time. */
    @Nullable
    ConsumerGroup consumerGroup(String groupId) {
        return consumers.get(groupId);
    }

    /** In the order of their ids; a copy, so that groups may be dropped on the way. */
    Collection<ConsumerGroup> allConsumerGroups() {
        return List.copyOf(consumers.values());
    }

    void keep(ConsumerGroup group) {
        consumers.put(group.id(), group);
    }

    void dropConsumerGroup(String groupId) {
        consumers.remove(groupId);
    }

    /** Forgets a group whose first record was not written, or which came to nothing. */
    void dropIfUnused(ConsumerGroup group) {
        if (group.epoch() == 0 && group.isEmpty()) {
            dropConsumerGroup(group.id());
        }
    }

    /** What the cluster's topics are now. */
    Topics topics() {
        return topics;
    }

    void setTopics(Topics newTopics) {
        topics = newTopics;
    }

    /** In the order of their ids; a copy, so that groups may be dropped on the way. */
    Collection<ClassicGroup> all() {
        return List.copyOf(live.values());
    }

    void keep(ClassicGroup group) {
        live.put(group.id(), group);
    }

    void drop(String groupId) {
        live.remove(groupId);
    }

    /** Forgets a group that came to nothing: no member, no record, no offset. */
    void dropIfUnused(ClassicGroup group) {
        if (group.isUnused()
                && !stored.containsKey(group.id())
                && !offsets.has(group.id())
                && !pending.has(group.id())) {
            drop(group.id());
        }
    }

    void clearLive() {
        live.clear();
    }
}

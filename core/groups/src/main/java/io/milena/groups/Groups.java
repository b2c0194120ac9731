package io.milena.groups;

import io.milena.protocol.record.GroupMetadataValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a shard knows: what its records say (the persistent part, changed by replaying only), and the live membership of its groups,
 * which a restart forgets back to the last finished round.
 */
final class Groups {
    private final Map<String, GroupMetadataValue> stored = new TreeMap<>();
    private final CommittedOffsets offsets = new CommittedOffsets();
    private final PendingOffsets pending = new PendingOffsets();
    private final Map<String, ClassicGroup> live = new TreeMap<>();

    Map<String, GroupMetadataValue> stored() {
        return stored;
    }

    CommittedOffsets offsets() {
        return offsets;
    }

    PendingOffsets pending() {
        return pending;
    }

    @Nullable
    ClassicGroup group(String groupId) {
        return live.get(groupId);
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

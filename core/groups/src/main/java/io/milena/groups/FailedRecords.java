package io.milena.groups;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Records of consumer groups that could not be appended: what was decided beside them, and is not in records, is undone. */
final class FailedRecords {
    private FailedRecords() {}

    static void undo(List<CoordinatorRecord> records, Groups groups, Turn turn) {
        Set<String> groupIds = new TreeSet<>();
        for (CoordinatorRecord record : records) {
            if (RecordCodec.read(record.key(), record.value()) instanceof StoredRecord.OfConsumerGroup of) {
                groupIds.add(of.groupId());
            }
        }
        for (String groupId : groupIds) {
            ConsumerGroup group = groups.consumerGroup(groupId);
            if (group != null) {
                undo(group, groups, turn);
            }
        }
    }

    private static void undo(ConsumerGroup group, Groups groups, Turn turn) {
        groups.dropIfUnused(group);
        ClassicGroup successor = groups.group(group.id());
        if (successor != null && groups.consumerGroup(group.id()) != null) {
            new Rebalance(successor, turn).resign();
            groups.drop(successor.id());
        }
        new ConsumerRebalance(group, groups.topics(), turn).resume();
    }
}

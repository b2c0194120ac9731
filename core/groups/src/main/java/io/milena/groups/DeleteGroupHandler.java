package io.milena.groups;

import io.milena.groups.GroupState.Empty;
import io.milena.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** DeleteGroups 0-3, one group: with all its offsets, when nobody is in it. */
final class DeleteGroupHandler {
    private DeleteGroupHandler() {}

    static void handle(Command.DeleteGroup command, Groups groups, Turn turn) {
        ClassicGroup group = groups.group(command.groupId());
        ConsumerGroup consumers = groups.consumerGroup(command.groupId());
        ErrorCode error = consumers == null ? refusal(group) : refusal(consumers);
        if (error == ErrorCode.NONE) {
            forgetOffsets(command.groupId(), groups, turn);
        }
        if (error == ErrorCode.NONE && consumers != null) {
            consumers.end().forEach(turn::append);
        } else if (error == ErrorCode.NONE && group != null) {
            turn.append(RecordCodec.groupTombstone(group.id()));
            group.pendingMembers()
                    .keySet()
                    .forEach(memberId -> turn.cancelTimer(new TimerKey.Session(group.id(), memberId)));
        }
        turn.reply(command.context(), Answers.deleted(command.groupId(), error));
    }

    private static void forgetOffsets(String groupId, Groups groups, Turn turn) {
        groups.offsets()
                .ofGroup(groupId)
                .forEach((topic, partitions) -> partitions
                        .keySet()
                        .forEach(partition -> turn.append(RecordCodec.offsetTombstone(groupId, topic, partition))));
        forgetPending(groupId, groups, turn);
        DeletionHandler.forgetKept(groupId, groups, turn);
    }

    private static ErrorCode refusal(ConsumerGroup group) {
        return group.isEmpty() ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }

    /** Or else a transaction that commits later would bring the group back. */
    private static void forgetPending(String groupId, Groups groups, Turn turn) {
        for (OffsetKey key : groups.pending().keys()) {
            boolean isHere = groups.offsets().offset(groupId, key.topic(), key.partition()) != null;
            if (key.groupId().equals(groupId) && !isHere) {
                turn.append(RecordCodec.offsetTombstone(groupId, key.topic(), key.partition()));
            }
        }
    }

    private static ErrorCode refusal(@Nullable ClassicGroup group) {
        if (group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        return group.state() instanceof Empty ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }
}

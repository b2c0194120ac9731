package io.milena.groups;

import io.milena.groups.GroupState.Empty;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.milena.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.protocol.message.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.milena.protocol.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** OffsetDelete 0: of topics that no member consumes. */
final class DeleteOffsetsHandler {
    private DeleteOffsetsHandler() {}

    static void handle(Command.DeleteOffsets command, Groups groups, Turn turn) {
        OffsetDeleteRequest request = command.request();
        ClassicGroup group = groups.group(request.groupId());
        ConsumerGroup consumers = groups.consumerGroup(request.groupId());
        ErrorCode refusal = consumers == null ? refusal(group) : ErrorCode.NONE;
        if (refusal != ErrorCode.NONE) {
            turn.reply(command.context(), Answers.deleteOffsetsRefused(refusal));
            return;
        }
        Set<String> inUse = inUse(group, consumers);
        List<OffsetDeleteResponseTopic> answers = new ArrayList<>();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            answers.add(
                    inUse.contains(topic.name())
                            ? answer(topic, ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC)
                            : delete(request.groupId(), topic, groups, turn));
        }
        turn.reply(
                command.context(),
                OffsetDeleteResponse.builder().topics(answers).build());
    }

    private static Set<String> inUse(@Nullable ClassicGroup group, @Nullable ConsumerGroup consumers) {
        if (consumers != null) {
            return consumers.subscribedTopics();
        }
        return group == null ? Set.of() : group.subscribedTopics().orElse(Set.of());
    }

    private static ErrorCode refusal(@Nullable ClassicGroup group) {
        if (group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        boolean isOpen = group.state() instanceof Empty || ClassicGroup.CONSUMER.equals(group.protocolType());
        return isOpen ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }

    private static OffsetDeleteResponseTopic delete(
            String groupId, OffsetDeleteRequestTopic topic, Groups groups, Turn turn) {
        for (OffsetDeleteRequestPartition each : topic.partitions()) {
            int partition = each.partitionIndex();
            if (groups.offsets().offset(groupId, topic.name(), partition) != null
                    || groups.pending().has(new OffsetKey(groupId, topic.name(), partition))) {
                turn.append(RecordCodec.offsetTombstone(groupId, topic.name(), partition));
            }
        }
        return answer(topic, ErrorCode.NONE);
    }

    private static OffsetDeleteResponseTopic answer(OffsetDeleteRequestTopic topic, ErrorCode error) {
        return OffsetDeleteResponseTopic.builder()
                .name(topic.name())
                .partitions(topic.partitions().stream()
                        .map(each -> new OffsetDeleteResponsePartition(each.partitionIndex(), error.code()))
                        .toList())
                .build();
    }
}

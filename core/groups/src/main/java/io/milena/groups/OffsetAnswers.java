package io.milena.groups;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.milena.protocol.record.OffsetCommitValue;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** OffsetFetch, one group. Where nothing was committed, or only for a former topic of the same name, the offset is -1 and no error. */
final class OffsetAnswers {
    private static final long NO_OFFSET = -1;

    private OffsetAnswers() {}

    static OffsetFetchResponseGroup offsets(
            OffsetFetchRequestGroup request, CommittedOffsets offsets, Predicate<OffsetKey> isUnstable) {
        List<OffsetFetchRequestTopics> asked = request.topics();
        List<OffsetFetchResponseTopics> topics = asked == null
                ? offsets.ofGroup(request.groupId()).entrySet().stream()
                        .map(topic -> all(request.groupId(), topic, isUnstable))
                        .toList()
                : asked.stream()
                        .map(topic -> some(request.groupId(), topic, offsets, isUnstable))
                        .toList();
        return OffsetFetchResponseGroup.builder()
                .groupId(request.groupId())
                .topics(topics)
                .build();
    }

    private static OffsetFetchResponseTopics all(
            String groupId,
            Map.Entry<String, SortedMap<Integer, OffsetCommitValue>> topic,
            Predicate<OffsetKey> isUnstable) {
        return OffsetFetchResponseTopics.builder()
                .name(topic.getKey())
                .partitions(topic.getValue().entrySet().stream()
                        .map(each -> isUnstable.test(new OffsetKey(groupId, topic.getKey(), each.getKey()))
                                ? unstable(each.getKey())
                                : partition(each.getKey(), each.getValue(), Uuids.ZERO))
                        .toList())
                .build();
    }

    private static OffsetFetchResponseTopics some(
            String groupId, OffsetFetchRequestTopics topic, CommittedOffsets offsets, Predicate<OffsetKey> isUnstable) {
        return OffsetFetchResponseTopics.builder()
                .name(topic.name())
                .topicId(topic.topicId())
                .partitions(topic.partitionIndexes().stream()
                        .map(index -> isUnstable.test(new OffsetKey(groupId, topic.name(), index))
                                ? unstable(index)
                                : partition(index, offsets.offset(groupId, topic.name(), index), topic.topicId()))
                        .toList())
                .build();
    }

    private static OffsetFetchResponsePartitions unstable(int index) {
        return OffsetFetchResponsePartitions.builder()
                .partitionIndex(index)
                .committedOffset(NO_OFFSET)
                .metadata("")
                .errorCode(ErrorCode.UNSTABLE_OFFSET_COMMIT.code())
                .build();
    }

    private static OffsetFetchResponsePartitions partition(
            int index, @Nullable OffsetCommitValue offset, UUID topicId) {
        if (offset == null || !CommittedOffsets.isOfTopic(offset, topicId)) {
            return OffsetFetchResponsePartitions.builder()
                    .partitionIndex(index)
                    .committedOffset(NO_OFFSET)
                    .metadata("")
                    .build();
        }
        return OffsetFetchResponsePartitions.builder()
                .partitionIndex(index)
                .committedOffset(offset.offset())
                .committedLeaderEpoch(offset.leaderEpoch())
                .metadata(offset.metadata())
                .build();
    }
}

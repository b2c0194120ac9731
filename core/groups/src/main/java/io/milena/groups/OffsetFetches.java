package io.milena.groups;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.List;

/**
 * The two shapes of OffsetFetch 1-10: until v7 one group at the top level, since v8 a list of groups, which may live in different shards.
 * The host takes a request apart, asks each group's shard, and puts the answers together.
 */
public final class OffsetFetches {
    private static final int GROUP_LIST_VERSION = 8;
    private static final int GROUP_ERROR_VERSION = 2;
    private static final long NO_OFFSET = -1;

    private OffsetFetches() {}

    /** The groups that are asked for, all in the newer shape. */
    public static List<OffsetFetchRequestGroup> groups(OffsetFetchRequest request, short apiVersion) {
        if (apiVersion >= GROUP_LIST_VERSION) {
            return request.groups();
        }
        List<OffsetFetchRequestTopic> topics = request.topics();
        return List.of(OffsetFetchRequestGroup.builder()
                .groupId(request.groupId())
                .topics(
                        topics == null
                                ? null
                                : topics.stream().map(OffsetFetches::newer).toList())
                .build());
    }

    private static OffsetFetchRequestTopics newer(OffsetFetchRequestTopic topic) {
        return OffsetFetchRequestTopics.builder()
                .name(topic.name())
                .partitionIndexes(topic.partitionIndexes())
                .build();
    }

    /** The answer for a group that could not be asked, e.g. with NOT_COORDINATOR. */
    public static OffsetFetchResponseGroup refused(OffsetFetchRequestGroup request, ErrorCode error, short apiVersion) {
        List<OffsetFetchRequestTopics> topics = request.topics();
        boolean hasPlaceForError = apiVersion >= GROUP_ERROR_VERSION;
        return OffsetFetchResponseGroup.builder()
                .groupId(request.groupId())
                .errorCode(error.code())
                .topics(
                        hasPlaceForError || topics == null
                                ? List.of()
                                : topics.stream()
                                        .map(topic -> refused(topic, error))
                                        .toList())
                .build();
    }

    private static OffsetFetchResponseTopics refused(OffsetFetchRequestTopics topic, ErrorCode error) {
        return OffsetFetchResponseTopics.builder()
                .name(topic.name())
                .topicId(topic.topicId())
                .partitions(topic.partitionIndexes().stream()
                        .map(index -> OffsetFetchResponsePartitions.builder()
                                .partitionIndex(index)
                                .committedOffset(NO_OFFSET)
                                .metadata("")
                                .errorCode(error.code())
                                .build())
                        .toList())
                .build();
    }

    /** The response to the client, in the shape of its version; {@code answers} in the order of {@link #groups}. */
    public static OffsetFetchResponse response(List<OffsetFetchResponseGroup> answers, short apiVersion) {
        if (apiVersion >= GROUP_LIST_VERSION) {
            return OffsetFetchResponse.builder().groups(answers).build();
        }
        OffsetFetchResponseGroup only = answers.getFirst();
        return OffsetFetchResponse.builder()
                .errorCode(only.errorCode())
                .topics(only.topics().stream().map(OffsetFetches::older).toList())
                .build();
    }

    private static OffsetFetchResponseTopic older(OffsetFetchResponseTopics topic) {
        return OffsetFetchResponseTopic.builder()
                .name(topic.name())
                .partitions(
                        topic.partitions().stream().map(OffsetFetches::older).toList())
                .build();
    }

    private static OffsetFetchResponsePartition older(OffsetFetchResponsePartitions partition) {
        return OffsetFetchResponsePartition.builder()
                .partitionIndex(partition.partitionIndex())
                .committedOffset(partition.committedOffset())
                .committedLeaderEpoch(partition.committedLeaderEpoch())
                .metadata(partition.metadata())
                .errorCode(partition.errorCode())
                .build();
    }
}

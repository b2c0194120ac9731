package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.groups.GroupShard;
import io.milena.groups.OffsetFetches;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OffsetFetch: asks the shard of each group, and puts the answers together when what they tell of is durable. */
public final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequest> {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final GroupCoordinator coordinator;
    private final ClusterMetadata metadata;

    public OffsetFetchHandler(GroupCoordinator coordinator, ClusterMetadata metadata) {
        this.coordinator = coordinator;
        this.metadata = metadata;
    }

    /** The last ones, or those that no open transaction will change. */
    @FunctionalInterface
    private interface Offsets {
        OffsetFetchResponseGroup apply(GroupShard shard, OffsetFetchRequestGroup group);
    }

    /** @param shard null where it is offline */
    private record Asked(
            OffsetFetchRequestGroup group, @Nullable ShardHost shard, long endOffset, OffsetFetchResponseGroup answer) {
        /** What the answer tells of may have been lost. */
        OffsetFetchResponseGroup await(short version) throws InterruptedException {
            return shard == null || shard.awaitDurable(endOffset)
                    ? answer
                    : OffsetFetches.refused(group, ErrorCode.NOT_COORDINATOR, version);
        }
    }

    @Override
    public Answer handle(OffsetFetchRequest request, RequestContext context) {
        boolean usesIds = context.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
        Offsets offsets = request.requireStable() ? GroupShard::stableOffsets : GroupShard::offsets;
        List<Asked> asked = new ArrayList<>();
        for (OffsetFetchRequestGroup group : OffsetFetches.groups(request, context.version())) {
            ShardHost shard = coordinator.shardOf(group.groupId());
            if (shard == null) {
                OffsetFetchResponseGroup refused =
                        OffsetFetches.refused(group, coordinator.absence(group.groupId()), context.version());
                asked.add(new Asked(group, null, 0, refused));
                continue;
            }
            ErrorCode refusal =
                    shard.read(state -> state.checkFetch(group.groupId(), group.memberId(), group.memberEpoch()));
            if (refusal != ErrorCode.NONE) {
                OffsetFetchResponseGroup refused = OffsetFetches.refused(group, refusal, context.version());
                asked.add(new Asked(group, shard, shard.endOffset(), refused));
                continue;
            }
            OffsetFetchResponseGroup answer =
                    usesIds ? fetchByIds(shard, group, offsets) : shard.read(state -> offsets.apply(state, group));
            asked.add(new Asked(group, shard, shard.endOffset(), answer));
        }
        return Answer.later(() -> {
            List<OffsetFetchResponseGroup> answers = new ArrayList<>();
            for (Asked each : asked) {
                answers.add(each.await(context.version()));
            }
            return OffsetFetches.response(answers, context.version());
        });
    }

    /** The shard knows topics by name: ids are resolved on the way in and filled in on the way out. */
    private OffsetFetchResponseGroup fetchByIds(ShardHost shard, OffsetFetchRequestGroup group, Offsets offsets) {
        List<OffsetFetchRequestTopics> wanted = group.topics();
        List<OffsetFetchRequestTopics> known = new ArrayList<>();
        List<OffsetFetchResponseTopics> answers = new ArrayList<>();
        if (wanted != null) {
            for (OffsetFetchRequestTopics topic : wanted) {
                ClusterImage.Topic found = metadata.image().topic(topic.topicId());
                if (found == null) {
                    answers.add(unknown(topic));
                } else {
                    known.add(new OffsetFetchRequestTopics(found.name(), found.id(), topic.partitionIndexes()));
                }
            }
        }
        OffsetFetchRequestGroup named =
                group.toBuilder().topics(wanted == null ? null : known).build();
        OffsetFetchResponseGroup answer = shard.read(state -> offsets.apply(state, named));
        for (OffsetFetchResponseTopics topic : answer.topics()) {
            ClusterImage.Topic found = metadata.image().topic(topic.name());
            if (found != null) {
                answers.add(topic.toBuilder().topicId(found.id()).build());
            }
        }
        return answer.toBuilder().topics(answers).build();
    }

    private static OffsetFetchResponseTopics unknown(OffsetFetchRequestTopics topic) {
        return new OffsetFetchResponseTopics(
                topic.name(),
                topic.topicId(),
                topic.partitionIndexes().stream()
                        .map(index -> OffsetFetchResponsePartitions.builder()
                                .partitionIndex(index)
                                .committedOffset(-1)
                                .errorCode(ErrorCode.UNKNOWN_TOPIC_ID.code())
                                .build())
                        .toList());
    }
}

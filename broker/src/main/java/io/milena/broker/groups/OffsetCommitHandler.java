package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.groups.Command;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OffsetCommit: what is of partitions that exist goes to the group's shard, with names and ids filled in; the rest is answered here. */
public final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequest> {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final GroupCoordinator coordinator;
    private final ClusterMetadata metadata;

    public OffsetCommitHandler(GroupCoordinator coordinator, ClusterMetadata metadata) {
        this.coordinator = coordinator;
        this.metadata = metadata;
    }

    @Override
    public Answer handle(OffsetCommitRequest request, RequestContext context) {
        boolean usesIds = context.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
        List<OffsetCommitRequestTopic> known = new ArrayList<>();
        List<OffsetCommitResponseTopic> unknown = new ArrayList<>();
        for (OffsetCommitRequestTopic asked : request.topics()) {
            ClusterImage.Topic topic = usesIds
                    ? metadata.image().topic(asked.topicId())
                    : metadata.image().topic(asked.name());
            split(
                    asked,
                    topic,
                    usesIds ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    known,
                    unknown);
        }
        OffsetCommitRequest ofKnown = request.toBuilder().topics(known).build();
        PendingReply reply =
                coordinator.ask(request.groupId(), context, asker -> new Command.CommitOffsets(asker, ofKnown));
        return Answer.later(() -> merge((OffsetCommitResponse) reply.await(), unknown));
    }

    private static void split(
            OffsetCommitRequestTopic asked,
            ClusterImage.@Nullable Topic topic,
            ErrorCode topicMissing,
            List<OffsetCommitRequestTopic> known,
            List<OffsetCommitResponseTopic> unknown) {
        int count = topic == null ? 0 : topic.partitions().size();
        List<OffsetCommitRequestPartition> there = asked.partitions().stream()
                .filter(partition -> partition.partitionIndex() >= 0 && partition.partitionIndex() < count)
                .toList();
        if (topic != null && !there.isEmpty()) {
            known.add(new OffsetCommitRequestTopic(topic.name(), topic.id(), there));
        }
        if (there.size() < asked.partitions().size()) {
            ErrorCode error = topic == null ? topicMissing : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            List<OffsetCommitResponsePartition> missing = asked.partitions().stream()
                    .filter(partition -> !there.contains(partition))
                    .map(partition -> new OffsetCommitResponsePartition(partition.partitionIndex(), error.code()))
                    .toList();
            unknown.add(new OffsetCommitResponseTopic(asked.name(), asked.topicId(), missing));
        }
    }

    private static OffsetCommitResponse merge(OffsetCommitResponse answered, List<OffsetCommitResponseTopic> unknown) {
        if (unknown.isEmpty()) {
            return answered;
        }
        List<OffsetCommitResponseTopic> all = new ArrayList<>(answered.topics());
        all.addAll(unknown);
        return answered.toBuilder().topics(all).build();
    }
}

package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.log.EpochEnd;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetForLeaderEpochRequest;
import io.milena.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.milena.protocol.message.OffsetForLeaderEpochResponse;
import io.milena.protocol.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import io.milena.protocol.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;

/** OffsetForLeaderEpoch: where an epoch ended, by which a client finds out that its position was truncated (KIP-101, KIP-320). */
public final class OffsetForLeaderEpochHandler implements ApiHandler<OffsetForLeaderEpochRequest> {
    private final Partitions partitions;

    public OffsetForLeaderEpochHandler(Partitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public Answer handle(OffsetForLeaderEpochRequest request, RequestContext context) {
        return Answer.now(OffsetForLeaderEpochResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> new OffsetForLeaderTopicResult(
                                topic.topic(),
                                topic.partitions().stream()
                                        .map(partition -> answer(topic.topic(), partition))
                                        .toList()))
                        .toList())
                .build());
    }

    private EpochEndOffset answer(String topic, OffsetForLeaderPartition asked) {
        EpochEndOffset.Builder response = EpochEndOffset.builder()
                .partition(asked.partition())
                .leaderEpoch(-1)
                .endOffset(-1);
        return switch (partitions.find(topic, asked.partition())) {
            case Partitions.Missing missing ->
                response.errorCode(missing.error().code()).build();
            case Partitions.Found(Partition partition) -> {
                ErrorCode error = partition.checkLeaderEpoch(asked.currentLeaderEpoch());
                if (error != ErrorCode.NONE) {
                    yield response.errorCode(error.code()).build();
                }
                EpochEnd end = partition.log().endOffsetFor(asked.leaderEpoch());
                yield response.leaderEpoch(end.epoch())
                        .endOffset(end.endOffset())
                        .build();
            }
        };
    }
}

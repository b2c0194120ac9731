package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeProducersRequest;
import io.milena.protocol.message.DescribeProducersResponse;
import io.milena.protocol.message.DescribeProducersResponse.PartitionResponse;
import io.milena.protocol.message.DescribeProducersResponse.ProducerState;
import io.milena.protocol.message.DescribeProducersResponse.TopicResponse;

/** DescribeProducers: the idempotent producers that a partition remembers. */
public final class DescribeProducersHandler implements ApiHandler<DescribeProducersRequest> {
    private final Partitions partitions;

    public DescribeProducersHandler(Partitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public Answer handle(DescribeProducersRequest request, RequestContext context) {
        return Answer.now(DescribeProducersResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> new TopicResponse(
                                topic.name(),
                                topic.partitionIndexes().stream()
                                        .map(index -> describe(topic.name(), index))
                                        .toList()))
                        .toList())
                .build());
    }

    private PartitionResponse describe(String topic, int index) {
        PartitionResponse.Builder response = PartitionResponse.builder().partitionIndex(index);
        return switch (partitions.find(topic, index)) {
            case Partitions.Missing(ErrorCode error) ->
                response.errorCode(error.code()).errorMessage(error.message()).build();
            case Partitions.Found(Partition partition) ->
                response.activeProducers(partition.log().producers().stream()
                                .map(producer -> ProducerState.builder()
                                        .producerId(producer.producerId())
                                        .producerEpoch(producer.epoch())
                                        .lastSequence(producer.lastSequence())
                                        .lastTimestamp(producer.lastTimestampMs())
                                        .coordinatorEpoch(producer.coordinatorEpoch())
                                        .currentTxnStartOffset(producer.currentTransactionFirstOffset())
                                        .build())
                                .toList())
                        .build();
        };
    }
}

package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.log.LogDirectories;
import io.milena.log.LogSettings;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DeleteRecordsRequest;
import io.milena.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.milena.protocol.message.DeleteRecordsResponse;
import io.milena.protocol.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.milena.protocol.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import java.io.IOException;
import java.lang.System.Logger.Level;

/** DeleteRecords: moves the log start offset forward, at most to the high watermark, which -1 stands for. */
public final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequest> {
    private static final long HIGH_WATERMARK = -1;

    private static final System.Logger LOG = System.getLogger(DeleteRecordsHandler.class.getName());

    private final Partitions partitions;
    private final LogDirectories directories;

    public DeleteRecordsHandler(Partitions partitions, LogDirectories directories) {
        this.partitions = partitions;
        this.directories = directories;
    }

    @Override
    public Answer handle(DeleteRecordsRequest request, RequestContext context) {
        DeleteRecordsResponse response = response(request);
        try {
            directories.checkpointStartOffsets();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "Log start offsets could not be stored; they are with the next checkpoint", e);
        }
        return Answer.now(response);
    }

    private DeleteRecordsResponse response(DeleteRecordsRequest request) {
        return DeleteRecordsResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> new DeleteRecordsTopicResult(
                                topic.name(),
                                topic.partitions().stream()
                                        .map(partition -> delete(topic.name(), partition))
                                        .toList()))
                        .toList())
                .build();
    }

    private DeleteRecordsPartitionResult delete(String topic, DeleteRecordsPartition asked) {
        int index = asked.partitionIndex();
        if (InternalTopics.isInternal(topic)) {
            return failed(index, ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        return switch (partitions.find(topic, index)) {
            case Partitions.Missing missing -> failed(index, missing.error());
            case Partitions.Found(Partition partition) -> delete(partition, asked);
        };
    }

    private static DeleteRecordsPartitionResult delete(Partition partition, DeleteRecordsPartition asked) {
        LogSettings settings = partition.log().settings();
        if (settings.compacting().isOn() && !settings.deleting().isOn()) {
            return failed(asked.partitionIndex(), ErrorCode.POLICY_VIOLATION);
        }
        long highWatermark = partition.highWatermark();
        long target = asked.offset() == HIGH_WATERMARK ? highWatermark : asked.offset();
        if (target < 0 || target > highWatermark) {
            return failed(asked.partitionIndex(), ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        partition.log().deleteRecordsBefore(target);
        return new DeleteRecordsPartitionResult(
                asked.partitionIndex(), partition.logStartOffset(), ErrorCode.NONE.code());
    }

    private static DeleteRecordsPartitionResult failed(int index, ErrorCode error) {
        return new DeleteRecordsPartitionResult(index, -1, error.code());
    }
}

package io.milena.broker.partitions;

import io.milena.log.AppendResult;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ProduceResponse.BatchIndexAndErrorMessage;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.milena.replication.Appended;
import io.milena.runtime.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * What became of one partition's batches in one produce request. Confined to the connection: written by its reader, then by its writer thread.
 */
final class PartitionOutcome {
    private static final Appended NOTHING = new Appended(-1, -1);

    /** Null when nothing was appended. */
    private final @Nullable Partition partition;

    /** What is waited for. */
    private final Appended appended;

    private PartitionProduceResponse response;

    private PartitionOutcome(@Nullable Partition partition, Appended appended, PartitionProduceResponse response) {
        this.partition = partition;
        this.appended = appended;
        this.response = response;
    }

    static PartitionOutcome failed(int index, ErrorCode error) {
        return failed(response(index, error));
    }

    private static PartitionOutcome failed(PartitionProduceResponse.Builder response) {
        return new PartitionOutcome(null, NOTHING, response.build());
    }

    /** @param leaderEpoch of the partition before it was appended: that of the append, or an earlier one */
    static PartitionOutcome of(Partition partition, int leaderEpoch, int index, AppendResult result) {
        return switch (result) {
            case AppendResult.Appended done ->
                new PartitionOutcome(
                        partition,
                        new Appended(leaderEpoch, done.lastOffset() + 1),
                        response(index, ErrorCode.NONE)
                                .baseOffset(done.baseOffset())
                                .logAppendTimeMs(done.logAppendTimeMs())
                                .logStartOffset(done.logStartOffset())
                                .build());
            case AppendResult.Duplicate first ->
                new PartitionOutcome(
                        partition,
                        new Appended(leaderEpoch, first.lastOffset() + 1),
                        response(index, known(first))
                                .baseOffset(first.baseOffset())
                                .logAppendTimeMs(first.timestampMs())
                                .logStartOffset(partition.logStartOffset())
                                .build());
            case AppendResult.Refused refused ->
                failed(response(index, ErrorCode.valueOf(refused.reason().name()))
                        .logStartOffset(refused.recordErrors().isEmpty() ? -1 : partition.logStartOffset())
                        .errorMessage(refused.message())
                        .recordErrors(refused.recordErrors().stream()
                                .map(error -> new BatchIndexAndErrorMessage(error.batchIndex(), error.message()))
                                .toList()));
        };
    }

    /** Producers take the error for what it is: the batch is here, only where is not known. */
    private static ErrorCode known(AppendResult.Duplicate batch) {
        return batch.baseOffset() == AppendResult.Duplicate.UNKNOWN_OFFSET
                ? ErrorCode.DUPLICATE_SEQUENCE_NUMBER
                : ErrorCode.NONE;
    }

    private static PartitionProduceResponse.Builder response(int index, ErrorCode error) {
        return PartitionProduceResponse.builder()
                .index(index)
                .errorCode(error.code())
                .baseOffset(-1)
                .logAppendTimeMs(-1)
                .logStartOffset(-1);
    }

    boolean isFailed() {
        return response.errorCode() != ErrorCode.NONE.code();
    }

    PartitionProduceResponse response() {
        return response;
    }

    /** Asks for the batches to be replicated soon, because somebody will wait for it. */
    void hurry() {
        if (partition != null) {
            partition.hurry();
        }
    }

    /** Whether there is nothing to wait for any more. */
    boolean isOver() {
        return partition == null || partition.isOver(appended);
    }

    /** Waits until the batches are replicated; if they are not by the deadline, the response becomes an error that a producer retries. */
    void awaitReplicated(Deadline deadline) throws InterruptedException {
        if (partition == null) {
            return;
        }
        ErrorCode error = partition.awaitReplicated(appended, deadline);
        if (error != ErrorCode.NONE) {
            response = response(response.index(), error).build();
        }
    }
}

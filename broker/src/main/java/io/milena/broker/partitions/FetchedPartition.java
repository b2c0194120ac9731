package io.milena.broker.partitions;

import io.milena.log.ReadResult;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchResponse.AbortedTransaction;
import io.milena.protocol.message.FetchResponse.PartitionData;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one partition contributes to a fetch response. Holds a lease on a segment file when it has records: whoever drops it must {@link #release()}.
 */
record FetchedPartition(
        WantedPartition wanted,
        PartitionData data,
        @Nullable SlicePayload slice,
        @Nullable TopicTraffic traffic) {
    private static final Payload NO_RECORDS = new Payload.InMemory(ByteBuffer.allocate(0));

    /** How many bytes may be read; see {@link FetchRound}. */
    record Budget(int bytes, boolean isStrict) {
        static Budget atLeastOneBatch(int bytes) {
            return new Budget(bytes, false);
        }

        static Budget strictly(int bytes) {
            return new Budget(bytes, true);
        }
    }

    static FetchedPartition failed(WantedPartition wanted, ErrorCode error) {
        return failed(wanted, error, null);
    }

    private static FetchedPartition failed(WantedPartition wanted, ErrorCode error, @Nullable TopicTraffic traffic) {
        PartitionData data = PartitionData.builder()
                .partitionIndex(wanted.request().partition())
                .errorCode(error.code())
                .highWatermark(-1)
                .lastStableOffset(-1)
                .logStartOffset(-1)
                .records(NO_RECORDS)
                .build();
        return new FetchedPartition(wanted, data, null, traffic);
    }

    static FetchedPartition read(WantedPartition wanted, Partition partition, Budget budget, boolean isReadCommitted) {
        TopicTraffic traffic = partition.traffic();
        FetchPartition request = wanted.request();
        ErrorCode fenced = partition.checkLeaderEpoch(request.currentLeaderEpoch());
        if (fenced != ErrorCode.NONE) {
            return failed(wanted, fenced, traffic);
        }
        if (partition.log().isOffline()) {
            return failed(wanted, ErrorCode.KAFKA_STORAGE_ERROR, traffic);
        }
        long lastStableOffset = partition.lastStableOffset(); // first: it is not to be above the high watermark
        long highWatermark = partition.highWatermark();
        PartitionData.Builder data = PartitionData.builder()
                .partitionIndex(request.partition())
                .abortedTransactions(isReadCommitted ? List.of() : null)
                .highWatermark(highWatermark)
                .lastStableOffset(lastStableOffset)
                .logStartOffset(partition.logStartOffset())
                .records(NO_RECORDS);
        if (budget.isStrict() && budget.bytes() == 0) {
            return new FetchedPartition(wanted, data.build(), null, traffic);
        }
        ReadResult found = isReadCommitted
                ? partition.readCommitted(request.fetchOffset(), budget.bytes(), lastStableOffset)
                : partition.read(request.fetchOffset(), budget.bytes(), highWatermark);
        return switch (found) {
            case ReadResult.OutOfRange ignored -> failed(wanted, ErrorCode.OFFSET_OUT_OF_RANGE, traffic);
            case ReadResult.Unreadable ignored -> failed(wanted, ErrorCode.KAFKA_STORAGE_ERROR, traffic);
            case ReadResult.Damaged ignored -> failed(wanted, ErrorCode.CORRUPT_MESSAGE, traffic);
            case ReadResult.Empty ignored -> new FetchedPartition(wanted, data.build(), null, traffic);
            case ReadResult.Slice slice -> {
                if (budget.isStrict() && slice.sizeInBytes() > budget.bytes()) {
                    slice.release();
                    yield new FetchedPartition(wanted, data.build(), null, traffic);
                }
                if (isReadCommitted) {
                    data.abortedTransactions(aborted(slice));
                }
                SlicePayload payload = new SlicePayload(slice);
                yield new FetchedPartition(wanted, data.records(payload).build(), payload, traffic);
            }
        };
    }

    private static List<AbortedTransaction> aborted(ReadResult.Slice slice) {
        return slice.abortedTransactions().stream()
                .map(each -> new AbortedTransaction(each.producerId(), each.firstOffset()))
                .toList();
    }

    int sizeInBytes() {
        return slice == null ? 0 : slice.sizeInBytes();
    }

    /** It is what the client gets. */
    void count() {
        if (traffic == null) {
            return;
        }
        if (isFailed()) {
            traffic.readFailed();
        } else {
            traffic.read(sizeInBytes());
        }
    }

    boolean isFailed() {
        return data.errorCode() != ErrorCode.NONE.code();
    }

    void release() {
        if (slice != null) {
            slice.release();
        }
    }
}

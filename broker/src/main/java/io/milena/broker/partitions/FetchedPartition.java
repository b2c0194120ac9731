package io.milena.broker.partitions;

import io.milena.log.ReadResult;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchResponse.PartitionData;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one partition contributes to a fetch response. Holds a lease on a segment file when it has records: whoever drops it must {@link #release()}.
 */
record FetchedPartition(
        WantedPartition wanted,
        PartitionData data,
        @Nullable SlicePayload slice,
        @Nullable PartitionTraffic traffic,
        boolean isNews) {
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

    static FetchedPartition failed(WantedPartition wanted, ErrorCode error, @Nullable PartitionTraffic traffic) {
        PartitionData data = PartitionData.builder()
                .partitionIndex(wanted.request().partition())
                .errorCode(error.code())
                .highWatermark(-1)
                .lastStableOffset(-1)
                .logStartOffset(-1)
                .records(NO_RECORDS)
                .build();
        return new FetchedPartition(wanted, data, null, traffic, false);
    }

    /** Without records. */
    static FetchedPartition empty(WantedPartition wanted, Partition partition, PartitionData.Builder data) {
        return new FetchedPartition(wanted, data.records(NO_RECORDS).build(), null, partition.traffic(), false);
    }

    /** What a read has found. */
    static FetchedPartition of(
            WantedPartition wanted, Partition partition, PartitionData.Builder data, ReadResult found, Budget budget) {
        PartitionTraffic traffic = partition.traffic();
        return switch (found) {
            case ReadResult.OutOfRange ignored -> failed(wanted, ErrorCode.OFFSET_OUT_OF_RANGE, traffic);
            case ReadResult.Unreadable ignored -> failed(wanted, ErrorCode.KAFKA_STORAGE_ERROR, traffic);
            case ReadResult.Damaged ignored -> failed(wanted, ErrorCode.CORRUPT_MESSAGE, traffic);
            case ReadResult.Empty ignored -> empty(wanted, partition, data);
            case ReadResult.Slice slice -> {
                if (budget.isStrict() && slice.sizeInBytes() > budget.bytes()) {
                    slice.release();
                    yield empty(wanted, partition, data);
                }
                SlicePayload payload = new SlicePayload(slice);
                yield new FetchedPartition(wanted, data.records(payload).build(), payload, traffic, false);
            }
        };
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

    /** The same, not to wait for records. */
    FetchedPartition urgent() {
        return new FetchedPartition(wanted, data, slice, traffic, true);
    }

    /** Whether the answer shall not wait for records. */
    boolean isUrgent() {
        return isNews
                || isFailed()
                || data.preferredReadReplica() >= 0
                || data.divergingEpoch().epoch() >= 0;
    }

    void release() {
        if (slice != null) {
            slice.release();
        }
    }
}

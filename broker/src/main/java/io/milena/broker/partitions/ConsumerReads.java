package io.milena.broker.partitions;

import io.milena.log.ReadResult;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchResponse.AbortedTransaction;
import io.milena.protocol.message.FetchResponse.PartitionData;
import java.util.List;

/** A consumer reads from the leader, up to the high watermark or the last stable offset. */
enum ConsumerReads implements FetchReads {
    READ_UNCOMMITTED,
    READ_COMMITTED;

    static ConsumerReads of(byte isolationLevel) {
        return isolationLevel == 1 ? READ_COMMITTED : READ_UNCOMMITTED;
    }

    @Override
    public Partitions.Lookup find(WantedPartition wanted, Partitions partitions) {
        return wanted.find(partitions);
    }

    @Override
    public long endOf(Partition partition) {
        return this == READ_COMMITTED ? partition.lastStableOffset() : partition.highWatermark();
    }

    @Override
    public boolean isServed(Partition partition) {
        return partition.isLed() && !partition.log().isOffline();
    }

    @Override
    public FetchedPartition read(WantedPartition wanted, Partition partition, FetchedPartition.Budget budget) {
        FetchPartition request = wanted.request();
        ErrorCode fenced = partition.checkLeaderEpoch(request.currentLeaderEpoch());
        if (fenced != ErrorCode.NONE) {
            return FetchedPartition.failed(wanted, fenced, partition.traffic());
        }
        if (partition.log().isOffline()) {
            return FetchedPartition.failed(wanted, ErrorCode.KAFKA_STORAGE_ERROR, partition.traffic());
        }
        long lastStableOffset = partition.lastStableOffset(); // first: it is not to be above the high watermark
        long highWatermark = partition.highWatermark();
        boolean isCommitted = this == READ_COMMITTED;
        PartitionData.Builder data = PartitionData.builder()
                .partitionIndex(request.partition())
                .abortedTransactions(isCommitted ? List.of() : null)
                .highWatermark(highWatermark)
                .lastStableOffset(lastStableOffset)
                .logStartOffset(partition.logStartOffset());
        if (budget.isStrict() && budget.bytes() == 0) {
            return FetchedPartition.empty(wanted, partition, data);
        }
        ReadResult found = isCommitted
                ? partition.readCommitted(request.fetchOffset(), budget.bytes(), lastStableOffset)
                : partition.read(request.fetchOffset(), budget.bytes(), highWatermark);
        if (isCommitted && found instanceof ReadResult.Slice slice) {
            data.abortedTransactions(slice.abortedTransactions().stream()
                    .map(each -> new AbortedTransaction(each.producerId(), each.firstOffset()))
                    .toList());
        }
        return FetchedPartition.of(wanted, partition, data, found, budget);
    }
}

package io.milena.broker.partitions;

import io.milena.log.ReadResult;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchResponse.AbortedTransaction;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.replication.Leader;
import java.util.List;
import java.util.OptionalInt;

/**
 * A consumer reads up to the high watermark or the last stable offset, from the leader or, as of version 11, from the follower that it asks; then the leader may send it to one (KIP-392).
 *
 * @param isCommitted whether it wants nothing of transactions that are open or aborted
 * @param mayAskFollower whether it knows that it may
 * @param rack of the consumer, or empty
 */
record ConsumerReads(boolean isCommitted, boolean mayAskFollower, String rack, ReplicaSelection selection)
        implements FetchReads {
    private static final byte READ_COMMITTED = 1;
    private static final short FIRST_VERSION_WITH_RACK = 11;

    static ConsumerReads of(FetchRequest request, short version, ReplicaSelection selection) {
        return new ConsumerReads(
                request.isolationLevel() == READ_COMMITTED,
                version >= FIRST_VERSION_WITH_RACK,
                request.rackId(),
                selection);
    }

    @Override
    public Partitions.Lookup find(WantedPartition wanted, Partitions partitions) {
        return mayAskFollower ? wanted.findReplica(partitions) : wanted.find(partitions);
    }

    @Override
    public long endOf(Partition partition) {
        return isCommitted ? partition.lastStableOffset() : partition.highWatermark();
    }

    @Override
    public boolean isServed(Partition partition) {
        boolean isServed = partition.isLed() || (mayAskFollower && partition.isFollowed());
        return isServed && !partition.log().isOffline();
    }

    private OptionalInt preferred(Partition partition, long offset) {
        return !rack.isEmpty() && partition.replica().state() instanceof Leader leader
                ? selection.choose(leader, offset, rack)
                : OptionalInt.empty();
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
        if (!isServed(partition)) {
            return FetchedPartition.failed(wanted, ErrorCode.NOT_LEADER_OR_FOLLOWER, partition.traffic());
        }
        long lastStableOffset = partition.lastStableOffset(); // first: it is not to be above the high watermark
        long highWatermark = partition.highWatermark();
        PartitionData.Builder data = PartitionData.builder()
                .partitionIndex(request.partition())
                .abortedTransactions(isCommitted ? List.of() : null)
                .highWatermark(highWatermark)
                .lastStableOffset(lastStableOffset)
                .logStartOffset(partition.logStartOffset());
        OptionalInt preferred = preferred(partition, request.fetchOffset());
        if (preferred.isPresent()) {
            return FetchedPartition.empty(wanted, partition, data.preferredReadReplica(preferred.getAsInt()));
        }
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

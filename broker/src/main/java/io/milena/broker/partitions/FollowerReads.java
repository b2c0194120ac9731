package io.milena.broker.partitions;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchResponse.EpochEndOffset;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.replication.Answer;
import io.milena.replication.Command;
import io.milena.replication.FollowerFetch;

/**
 * A follower reads up to the end of the leader's log, and says by that what it has forced itself.
 *
 * @param brokerEpoch of the follower, or -1 (KIP-903)
 */
record FollowerReads(int replicaId, long brokerEpoch) implements FetchReads {
    @Override
    public Partitions.Lookup find(WantedPartition wanted, Partitions partitions) {
        return wanted.find(partitions);
    }

    @Override
    public long endOf(Partition partition) {
        return partition.log().logEndOffset();
    }

    @Override
    public boolean isServed(Partition partition) {
        return partition.isLed() && !partition.log().isOffline();
    }

    @Override
    public FetchedPartition read(WantedPartition wanted, Partition partition, FetchedPartition.Budget budget) {
        FetchPartition request = wanted.request();
        Answer answer = partition
                .replica()
                .handle(new Command.Serve(new FollowerFetch(
                        replicaId,
                        brokerEpoch,
                        request.currentLeaderEpoch(),
                        request.fetchOffset(),
                        request.lastFetchedEpoch(),
                        request.logStartOffset(),
                        request.highWatermark())));
        return switch (answer) {
            case Answer.Refused(ErrorCode error) -> FetchedPartition.failed(wanted, error, partition.traffic());
            case Answer.None ignored ->
                FetchedPartition.failed(wanted, ErrorCode.NOT_LEADER_OR_FOLLOWER, partition.traffic());
            case Answer.Diverging diverging ->
                FetchedPartition.empty(
                        wanted,
                        partition,
                        data(request, diverging.highWatermark(), diverging.logStartOffset())
                                .divergingEpoch(new EpochEndOffset(
                                        diverging.end().epoch(), diverging.end().endOffset())));
            case Answer.MayRead readable -> {
                PartitionData.Builder data = data(request, readable.highWatermark(), readable.logStartOffset());
                long available = partition.replica().availableTo(replicaId);
                FetchedPartition read = available <= 0 || (budget.isStrict() && budget.bytes() == 0)
                        ? FetchedPartition.empty(wanted, partition, data)
                        : FetchedPartition.of(
                                wanted,
                                partition,
                                data,
                                partition.read(
                                        request.fetchOffset(),
                                        (int) Math.min(available, budget.bytes()),
                                        readable.endOffset()),
                                budget);
                partition.replica().sent(replicaId, read.sizeInBytes());
                yield readable.urgency() == Answer.Urgency.CAN_WAIT ? read : read.urgent();
            }
        };
    }

    private static PartitionData.Builder data(FetchPartition request, long highWatermark, long logStartOffset) {
        return PartitionData.builder()
                .partitionIndex(request.partition())
                .abortedTransactions(null)
                .highWatermark(highWatermark)
                .lastStableOffset(-1)
                .logStartOffset(logStartOffset);
    }
}

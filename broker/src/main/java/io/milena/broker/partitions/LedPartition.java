package io.milena.broker.partitions;

import io.milena.log.AppendResult;
import io.milena.log.Ending;
import io.milena.protocol.ErrorCode;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Deadline;
import java.util.Set;

/**
 * A partition in one leader epoch, as a coordinator has it that has read the partition at the beginning of that epoch: it appends and waits in no other. When the epoch is over, nothing is taken any more, and nobody is told
 * anything that rests on it.
 */
public record LedPartition(Partition partition, int leaderEpoch) {
    /** In the epoch that it has now. */
    public static LedPartition now(Partition partition) {
        return new LedPartition(partition, partition.leaderEpoch());
    }

    /** Whether it is one of those that are here now, and the epoch goes on. A topic that was created again has others. */
    public boolean isAmong(Set<Partition> here) {
        return here.contains(partition) && partition.isLed() && partition.leaderEpoch() == leaderEpoch;
    }

    public boolean isOffline() {
        return partition.log().isOffline();
    }

    public long endOffset() {
        return partition.log().logEndOffset();
    }

    /** Answers why it was not taken, or {@link ErrorCode#NONE}. */
    public ErrorCode append(RecordBatchBuilder batch) {
        return switch (partition.appendOwn(batch.build().buffer(), leaderEpoch)) {
            case AppendResult.Refused refused ->
                ErrorCode.valueOf(refused.reason().name());
            case AppendResult.Appended ignored -> ErrorCode.NONE;
            case AppendResult.Duplicate ignored -> ErrorCode.NONE;
        };
    }

    public AppendResult end(Ending ending) {
        return partition.end(ending, leaderEpoch);
    }

    /** Asks for everything below the offset to be replicated, and waits. Answers false if the log went offline before, or the epoch ended. */
    public boolean awaitDurable(long endOffset) throws InterruptedException {
        return partition.awaitReplicated(leaderEpoch, endOffset, Deadline.never());
    }
}

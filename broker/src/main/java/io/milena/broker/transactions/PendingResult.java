package io.milena.broker.transactions;

import io.milena.broker.partitions.Partition;
import io.milena.protocol.ErrorCode;
import io.milena.replication.Appended;
import io.milena.runtime.Deadline;
import io.milena.transactions.Result;
import org.jspecify.annotations.Nullable;

/**
 * What a shard has decided, for when everything it may tell of is durable.
 *
 * @param partition null for a result that rests on nothing
 * @param appended where the partition ended when the shard decided, and in which leader epoch
 */
record PendingResult(@Nullable Partition partition, Appended appended, Result result) {
    private static final Appended NOTHING = new Appended(-1, -1);

    static PendingResult refused(ErrorCode error) {
        return new PendingResult(null, NOTHING, Result.refused(error));
    }

    /** Asks for the records to be forced, and waits. If the log goes offline before, or another broker leads, nobody here knows what it holds, and clients look for the coordinator again. */
    Result await() throws InterruptedException {
        return partition == null
                        || partition.awaitReplicated(appended.leaderEpoch(), appended.endOffset(), Deadline.never())
                ? result
                : Result.refused(ErrorCode.NOT_COORDINATOR);
    }
}

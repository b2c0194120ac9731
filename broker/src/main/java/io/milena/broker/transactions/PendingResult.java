package io.milena.broker.transactions;

import io.milena.broker.partitions.LedPartition;
import io.milena.protocol.ErrorCode;
import io.milena.transactions.Result;
import org.jspecify.annotations.Nullable;

/**
 * What a shard has decided, for when everything it may tell of is durable.
 *
 * @param partition null for a result that rests on nothing
 * @param endOffset where the partition ended when the shard decided
 */
record PendingResult(@Nullable LedPartition partition, long endOffset, Result result) {
    static PendingResult refused(ErrorCode error) {
        return new PendingResult(null, -1, Result.refused(error));
    }

    /** Asks for the records to be forced, and waits. If the log goes offline before, or another broker leads, nobody here knows what it holds, and clients look for the coordinator again. */
    Result await() throws InterruptedException {
        return partition == null || partition.awaitDurable(endOffset)
                ? result
                : Result.refused(ErrorCode.NOT_COORDINATOR);
    }
}

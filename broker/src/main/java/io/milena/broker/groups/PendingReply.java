package io.milena.broker.groups;

import io.milena.broker.partitions.LedPartition;
import io.milena.groups.Refusals;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import org.jspecify.annotations.Nullable;

/** A request that the shard has and will answer once: given by the shard's host, awaited by the connection's writer. */
final class PendingReply {
    private final @Nullable LedPartition partition;
    private final Signal given = new Signal();
    private volatile @Nullable ApiMessage response;

    /** Where the partition ended when the shard answered; what the answer tells of lies before. */
    private volatile long endOffset;

    /** @param partition in which the shard appends; null for an answer that rests on nothing */
    PendingReply(@Nullable LedPartition partition) {
        this.partition = partition;
    }

    /** An answer that rests on nothing. */
    static PendingReply given(ApiMessage answer) {
        PendingReply reply = new PendingReply(null);
        reply.give(answer, 0);
        return reply;
    }

    void give(ApiMessage answer, long logEndOffset) {
        endOffset = logEndOffset;
        response = answer;
        given.raise();
    }

    /** Waits for the shard's answer, then for all it may tell of to be durable. */
    ApiMessage await() throws InterruptedException {
        given.await(() -> response != null, Deadline.never());
        ApiMessage answer = response;
        if (answer == null) {
            throw new IllegalStateException("woken without an answer");
        }
        return partition == null || partition.awaitDurable(endOffset)
                ? answer
                : Refusals.instead(answer, ErrorCode.NOT_COORDINATOR);
    }
}

package io.milena.transactions;

import io.milena.protocol.ErrorCode;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * AddPartitionsToTxn 0-5, AddOffsetsToTxn 0-4, and what Produce 12 and TxnOffsetCommit 5 add by themselves (KIP-890): partitions become part of the transaction, whose first ones begin it. And the
 * question whether they are part of it.
 */
final class AddPartitionsHandler {
    private AddPartitionsHandler() {}

    static Decision handle(Command.AddPartitions command, @Nullable Transaction known, Turn turn) {
        ErrorCode refusal = refusal(command.producer(), known);
        if (refusal != ErrorCode.NONE || known == null) {
            return turn.refused(refusal);
        }
        if (!isOngoingWith(known, command.partitions())) {
            turn.change(known, known.with(command.partitions(), command.version(), turn.nowMs()));
        }
        return turn.decision(Result.OK);
    }

    /** Whether the producer has a transaction with all these partitions. */
    static ErrorCode verify(Producer producer, @Nullable Transaction known, SortedSet<TopicPartition> partitions) {
        ErrorCode refusal = refusal(producer, known);
        if (refusal != ErrorCode.NONE || known == null) {
            return refusal;
        }
        return isOngoingWith(known, partitions) ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE;
    }

    private static ErrorCode refusal(Producer producer, @Nullable Transaction known) {
        if (known == null || known.owner().producerId() != producer.id()) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (known.owner().epoch() != producer.epoch()) {
            return ErrorCode.PRODUCER_FENCED;
        }
        return known.state() instanceof TransactionState.Prepared ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.NONE;
    }

    private static boolean isOngoingWith(Transaction known, SortedSet<TopicPartition> partitions) {
        return known.state() instanceof TransactionState.Ongoing ongoing
                && ongoing.partitions().containsAll(partitions);
    }
}

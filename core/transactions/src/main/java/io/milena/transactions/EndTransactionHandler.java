package io.milena.transactions;

import io.milena.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * EndTxn 0-5. Since v5 ({@code transaction.version} 2) every end gives the producer its next epoch, or a new id when there is none, and the retry of an end whose answer was lost is known by the epoch
 * that it comes with; a transaction that never began can be aborted, because its producer cannot know. Before, a retry is known by the state alone.
 */
final class EndTransactionHandler {
    private EndTransactionHandler() {}

    static Decision handle(Command.EndTransaction command, @Nullable Transaction known, Turn turn) {
        if (known == null) {
            return turn.refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        return command.version().bumpsEpochs() ? end(command, known, turn) : endWithoutBump(command, known, turn);
    }

    private static Decision endWithoutBump(Command.EndTransaction command, Transaction known, Turn turn) {
        ErrorCode refusal = refusalWithoutBump(command.producer(), known);
        if (refusal != ErrorCode.NONE) {
            return turn.refused(refusal);
        }
        return switch (known.state()) {
            case TransactionState.Ongoing ignored -> prepare(command, known, Producer.NO_ID, turn);
            case TransactionState.Empty ignored -> turn.refused(ErrorCode.INVALID_TXN_STATE);
            case TransactionState.Prepared prepared ->
                turn.refused(
                        prepared.outcome() == command.outcome()
                                ? ErrorCode.CONCURRENT_TRANSACTIONS
                                : ErrorCode.INVALID_TXN_STATE);
            case TransactionState.Complete complete ->
                complete.outcome() == command.outcome()
                        ? turn.decision(Result.of(known.owner().producer()))
                        : turn.refused(ErrorCode.INVALID_TXN_STATE);
        };
    }

    private static Decision end(Command.EndTransaction command, Transaction known, Turn turn) {
        boolean isRetry = isRetry(command.producer(), known);
        ErrorCode refusal = refusal(command.producer(), known, isRetry);
        if (refusal != ErrorCode.NONE) {
            return turn.refused(refusal);
        }
        return switch (known.state()) {
            case TransactionState.Ongoing ignored -> prepareWithBump(command, known, turn);
            case TransactionState.Empty ignored -> abortNothing(command, known, turn);
            case TransactionState.Prepared prepared ->
                turn.refused(
                        prepared.outcome() == command.outcome()
                                ? ErrorCode.CONCURRENT_TRANSACTIONS
                                : ErrorCode.INVALID_TXN_STATE);
            case TransactionState.Complete complete -> {
                if (!isRetry) {
                    yield abortNothing(command, known, turn);
                }
                yield complete.outcome() == command.outcome()
                        ? turn.decision(Result.of(known.owner().producer()))
                        : turn.refused(ErrorCode.INVALID_TXN_STATE);
            }
        };
    }

    private static Decision abortNothing(Command.EndTransaction command, Transaction known, Turn turn) {
        return command.outcome() == Outcome.ABORT
                ? prepareWithBump(command, known, turn)
                : turn.refused(ErrorCode.INVALID_TXN_STATE);
    }

    private static Decision prepareWithBump(Command.EndTransaction command, Transaction known, Turn turn) {
        if (!known.owner().isExhausted()) {
            return prepare(command, known, Producer.NO_ID, turn);
        }
        return command.newProducerId().isEmpty()
                ? turn.refused(ErrorCode.CONCURRENT_TRANSACTIONS)
                : prepare(command, known, command.newProducerId().getAsLong(), turn);
    }

    private static Decision prepare(Command.EndTransaction command, Transaction known, long newProducerId, Turn turn) {
        Transaction after = known.ended(command.outcome(), command.version(), newProducerId, turn.nowMs());
        turn.change(known, after);
        Owner next = after.state() instanceof TransactionState.Prepared prepared
                ? after.ownerAfter(prepared)
                : after.owner();
        return turn.decision(Result.of(next.producer()));
    }

    /** The producer has the epoch from before the end that it asks for, which is decided. */
    private static boolean isRetry(Producer producer, Transaction known) {
        Owner owner = known.owner();
        boolean isOneBehind = producer.id() == owner.producerId() && producer.epoch() == owner.epoch() - 1;
        boolean isOneIdBehind =
                owner.epoch() == 0 && producer.id() == owner.previousProducerId() && owner.wasJustRotated(producer);
        return isOneBehind || isOneIdBehind;
    }

    private static ErrorCode refusal(Producer producer, Transaction known, boolean isRetry) {
        if (known.owner().producerId() != producer.id() && !isRetry) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        boolean isRight = known.owner().isNow(producer);
        boolean isWelcome = switch (known.state()) {
            case TransactionState.Ongoing ignored -> isRight;
            case TransactionState.Empty ignored -> isRight;
            case TransactionState.Prepared ignored -> isRetry;
            case TransactionState.Complete ignored -> isRight || isRetry;
        };
        return isWelcome ? ErrorCode.NONE : ErrorCode.PRODUCER_FENCED;
    }

    private static ErrorCode refusalWithoutBump(Producer producer, Transaction known) {
        if (known.owner().producerId() != producer.id()) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        return known.owner().epoch() == producer.epoch() ? ErrorCode.NONE : ErrorCode.PRODUCER_FENCED;
    }
}

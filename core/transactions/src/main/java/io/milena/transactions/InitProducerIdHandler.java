package io.milena.transactions;

import io.milena.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * InitProducerId 0-5 with a transactional id. v3 a producer may say who it was, so that it goes on where nobody has come after it (KIP-360). A transaction that is open is aborted first: the producer
 * is told to come again, and by then its predecessor is fenced.
 */
final class InitProducerIdHandler {
    private InitProducerIdHandler() {}

    static Decision handle(Command.InitProducerId command, @Nullable Transaction known, Turn turn) {
        if (command.timeoutMs() <= 0 || command.timeoutMs() > turn.settings().timeoutMaxMs()) {
            return turn.refused(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        }
        if (known == null) {
            return begin(command, turn);
        }
        Producer expected = command.expected();
        if (expected != null
                && expected.id() != known.owner().producerId()
                && !known.owner().wasJustRotated(expected)) {
            return turn.refused(ErrorCode.PRODUCER_FENCED);
        }
        return switch (known.state()) {
            case TransactionState.Prepared ignored -> turn.refused(ErrorCode.CONCURRENT_TRANSACTIONS);
            case TransactionState.Ongoing ignored -> abort(expected, known, turn);
            case TransactionState.Empty ignored -> take(command, known, turn);
            case TransactionState.Complete ignored -> take(command, known, turn);
        };
    }

    private static Decision begin(Command.InitProducerId command, Turn turn) {
        if (command.newProducerId().isEmpty()) {
            return turn.refused(ErrorCode.CONCURRENT_TRANSACTIONS);
        }
        Transaction first = Transaction.begunBy(
                command.newProducerId().getAsLong(), command.transactionalId(), command.timeoutMs(), turn.nowMs());
        turn.append(CoordinatorRecord.of(first));
        return turn.decision(Result.of(first.owner().producer()));
    }

    /** A producer that has been fenced may not abort what its successor does. */
    private static Decision abort(@Nullable Producer expected, Transaction known, Turn turn) {
        if (expected != null && !known.owner().isNow(expected)) {
            return turn.refused(ErrorCode.PRODUCER_FENCED);
        }
        turn.note(known, "its open transaction is aborted, because a producer introduces itself");
        turn.change(known, known.fenced(turn.nowMs()));
        return turn.refused(ErrorCode.CONCURRENT_TRANSACTIONS);
    }

    private static Decision take(Command.InitProducerId command, Transaction known, Turn turn) {
        Producer expected = command.expected();
        Owner owner = known.owner();
        short remembered = expected == null ? Producer.NO_EPOCH : owner.epoch();
        boolean isRetry = expected != null && owner.remembers(expected);
        if (expected != null && !owner.isNow(expected) && !isRetry) {
            return turn.refused(ErrorCode.PRODUCER_FENCED);
        }
        if (isRetry && !owner.isExhausted()) {
            return change(command, known, owner.same(), turn);
        }
        if (!owner.isExhausted()) {
            return change(command, known, owner.bumped(remembered), turn);
        }
        return command.newProducerId().isEmpty()
                ? turn.refused(ErrorCode.CONCURRENT_TRANSACTIONS)
                : change(command, known, owner.rotated(command.newProducerId().getAsLong(), remembered), turn);
    }

    private static Decision change(Command.InitProducerId command, Transaction known, Owner owner, Turn turn) {
        turn.change(known, known.taken(owner, command.timeoutMs(), turn.nowMs()));
        return turn.decision(Result.of(owner.producer()));
    }
}

package io.milena.transactions;

import io.milena.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The markers of a transaction are in all its partitions: it is complete. */
final class MarkersWrittenHandler {
    private MarkersWrittenHandler() {}

    static Decision handle(Command.MarkersWritten command, @Nullable Transaction known, Turn turn) {
        if (known == null
                || !known.owner().isNow(command.producer())
                || !(known.state() instanceof TransactionState.Prepared prepared)) {
            return turn.refused(ErrorCode.INVALID_TXN_STATE);
        }
        turn.change(known, known.completed(prepared, turn.nowMs()));
        return turn.decision(Result.OK);
    }
}

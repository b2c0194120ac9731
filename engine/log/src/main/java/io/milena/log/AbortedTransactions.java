package io.milena.log;

import java.io.IOException;
import java.util.List;

/** Which transactions of a log were aborted. */
@FunctionalInterface
interface AbortedTransactions {
    /** Nothing was ever aborted. */
    AbortedTransactions NONE = (fromOffset, endOffset) -> List.of();

    /** Those that have records or their marker from {@code fromOffset} on and before {@code endOffset}, ordered by their first offset. */
    List<AbortedTransaction> within(long fromOffset, long endOffset) throws IOException;
}

package io.milena.log.story;

import io.milena.log.story.LogModel.Batch;
import io.milena.log.story.LogModel.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The transactions of a log, worked out from all batches of its model. */
final class TransactionHistory {
    private final List<Transaction> transactions = new ArrayList<>();

    /**
     * From the first offset to the marker.
     *
     * @param markerOffset the largest of all while there is none
     */
    record Transaction(long producerId, long firstOffset, long markerOffset, boolean isAborted) {
        private boolean isOpenBelow(long endOffset) {
            return firstOffset < endOffset && markerOffset >= endOffset;
        }

        private boolean has(Batch batch) {
            return batch.isTransactional()
                    && batch.origin().producerId() == producerId
                    && batch.baseOffset() >= firstOffset
                    && batch.lastOffset() <= markerOffset;
        }
    }

    private TransactionHistory() {}

    static TransactionHistory of(LogModel model) {
        TransactionHistory history = new TransactionHistory();
        Map<Long, Long> open = new HashMap<>();
        for (Batch batch : model.batches()) {
            long producerId = batch.origin().producerId();
            if (batch.isMarker() && open.containsKey(producerId)) {
                boolean isAborted = batch.origin().kind() == Kind.ABORT;
                history.transactions.add(
                        new Transaction(producerId, open.remove(producerId), batch.lastOffset(), isAborted));
            } else if (batch.origin().kind() == Kind.TRANSACTIONAL) {
                open.putIfAbsent(producerId, batch.baseOffset());
            }
        }
        open.forEach((producerId, first) ->
                history.transactions.add(new Transaction(producerId, first, Long.MAX_VALUE, false)));
        return history;
    }

    /** What readers of committed data may see where everything below an offset is replicated. */
    long lastStableOffset(long highWatermark, long startOffset) {
        long first = transactions.stream()
                .filter(each -> each.isOpenBelow(highWatermark))
                .mapToLong(Transaction::firstOffset)
                .min()
                .orElse(highWatermark);
        return Math.min(highWatermark, Math.max(first, startOffset));
    }

    boolean isAborted(Batch batch) {
        return transactions.stream().anyMatch(each -> each.isAborted && each.has(batch));
    }
}

package io.milena.log.story;

import io.milena.log.story.LogModel.Batch;
import io.milena.log.story.LogModel.Entry;
import java.util.HashMap;
import java.util.Map;

/** Which records of a log compaction may have taken away: the others are there. */
final class CompactionRules {
    private final LogModel model;
    private final TransactionHistory transactions;
    /** The last offset of each key below where compaction has worked. */
    private final Map<String, Long> latest = new HashMap<>();

    CompactionRules(LogModel model) {
        this.model = model;
        this.transactions = TransactionHistory.of(model);
        for (Batch batch : model.batches()) {
            for (int i = 0; i < batch.entries().size() && !batch.isMarker(); i++) {
                String key = batch.entries().get(i).key();
                if (key != null && batch.baseOffset() + i < model.compactedEnd() && !transactions.isAborted(batch)) {
                    latest.put(key, batch.baseOffset() + i);
                }
            }
        }
    }

    /** Whether all records of a batch may be gone. */
    boolean mayBeGone(Batch batch) {
        for (int i = 0; i < batch.entries().size(); i++) {
            if (!mayBeGone(batch, i)) {
                return false;
            }
        }
        return true;
    }

    /** A later record has its key, or it is a tombstone or a marker, or it was aborted. */
    boolean mayBeGone(Batch batch, int index) {
        Entry entry = batch.entries().get(index);
        long offset = batch.baseOffset() + index;
        String key = entry.key();
        return offset < model.compactedEnd()
                && (batch.isMarker()
                        || entry.value() == null
                        || transactions.isAborted(batch)
                        || (key != null && latest.getOrDefault(key, -1L) > offset));
    }
}

package io.milena.simulator.invariants;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The batches of one replica, without gaps. */
public final class BatchLog {
    private final List<Batch> batches = new ArrayList<>();
    private long startOffset;
    private long endOffset;
    private int truncations;

    /** Below it records were deleted on purpose. */
    public long startOffset() {
        return startOffset;
    }

    /** Where its first batch begins. */
    long firstOffset() {
        return batches.isEmpty() ? endOffset : batches.getFirst().baseOffset();
    }

    public long endOffset() {
        return endOffset;
    }

    /** How often its end was taken away. */
    public int truncations() {
        return truncations;
    }

    public void append(Batch batch) {
        if (!batches.isEmpty() && batch.baseOffset() != endOffset) {
            throw new IllegalArgumentException(batch + " does not follow " + endOffset);
        }
        batches.add(batch);
        endOffset = batch.lastOffset() + 1;
    }

    /** Everything at an offset and behind it is gone. */
    public void truncateTo(long offset) {
        while (!batches.isEmpty() && batches.getLast().lastOffset() >= offset) {
            batches.removeLast();
        }
        endOffset = offset;
        truncations++;
    }

    /** There is nothing any more, and what comes begins there. */
    public void startAnewAt(long offset) {
        batches.clear();
        startOffset = offset;
        endOffset = offset;
        truncations++;
    }

    public void startAt(long offset) {
        startOffset = offset;
    }

    /** The batch that holds an offset, or null. */
    public @Nullable Batch at(long offset) {
        int low = 0;
        int high = batches.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Batch batch = batches.get(middle);
            if (batch.lastOffset() < offset) {
                low = middle + 1;
            } else if (batch.baseOffset() > offset) {
                high = middle - 1;
            } else {
                return batch;
            }
        }
        return null;
    }
}

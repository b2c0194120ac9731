package io.milena.simulator.invariants;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The transactions of one log, and up to where all are decided. It follows the log on; where the end was taken away it begins anew. */
final class OpenTransactions {
    private final Map<Long, Long> open = new HashMap<>();
    /** Those whose markers may not be committed yet, by the offsets of the markers. */
    private final Deque<Ended> ended = new ArrayDeque<>();

    private long next;
    private int truncations = -1;

    private record Ended(long firstOffset, long markerOffset) {}

    /** The offset up to which every transaction has ended below a high watermark, or that high watermark. */
    long stableOffset(BatchLog log, long highWatermark) {
        follow(log);
        long stable = Math.min(highWatermark, log.endOffset());
        while (!ended.isEmpty() && ended.element().markerOffset < stable) {
            ended.remove();
        }
        List<Long> firsts = new ArrayList<>(open.values());
        ended.forEach(each -> firsts.add(each.firstOffset));
        for (long first : firsts) {
            stable = Math.min(stable, first);
        }
        return stable;
    }

    private void follow(BatchLog log) {
        if (truncations != log.truncations()) {
            truncations = log.truncations();
            open.clear();
            ended.clear();
            next = log.firstOffset();
        }
        while (next < log.endOffset()) {
            Batch batch = log.at(next);
            if (batch == null) {
                throw new IllegalStateException("there is no batch at " + next);
            }
            take(batch);
            next = batch.lastOffset() + 1;
        }
    }

    private void take(Batch batch) {
        Batch.Part part = batch.part();
        if (part == null) {
            return;
        }
        if (part.isEnd()) {
            Long first = open.remove(part.producerId());
            if (first != null) {
                ended.add(new Ended(first, batch.baseOffset()));
            }
        } else {
            open.putIfAbsent(part.producerId(), batch.baseOffset());
        }
    }
}

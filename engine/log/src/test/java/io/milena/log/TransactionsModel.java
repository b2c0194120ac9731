package io.milena.log;

import io.milena.records.ControlRecord;
import io.milena.records.RecordBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What readers of committed data must see of a log, worked out the slow way from all that was ever appended. */
final class TransactionsModel {
    private final List<Entry> entries = new ArrayList<>();
    private long startOffset;

    /**
     * A batch.
     *
     * @param marker null for records
     */
    record Entry(
            long producerId,
            boolean isTransactional,
            @Nullable ControlRecord marker,
            int lastSequence,
            long baseOffset,
            long lastOffset) {
        private boolean isOf(long producer) {
            return isTransactional && producerId == producer;
        }
    }

    /**
     * From the first offset to the marker.
     *
     * @param markerOffset the largest of all while there is none
     */
    record Transaction(long producerId, long firstOffset, long markerOffset, boolean isAborted) {
        static Transaction open(long producerId, long firstOffset) {
            return new Transaction(producerId, firstOffset, Long.MAX_VALUE, false);
        }

        boolean isOpen() {
            return markerOffset == Long.MAX_VALUE;
        }

        boolean isOpenAt(long offset) {
            return firstOffset <= offset && markerOffset > offset;
        }
    }

    void add(RecordBatch batch, @Nullable ControlRecord marker) {
        entries.add(new Entry(
                batch.hasProducerId() ? batch.producerId() : -1,
                batch.isTransactional(),
                marker,
                batch.lastSequence(),
                batch.baseOffset(),
                batch.lastOffset()));
    }

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return entries.isEmpty() ? startOffset : Math.max(startOffset, entries.getLast().lastOffset + 1);
    }

    /** Nothing at or behind the offset was ever there. */
    void cut(long endOffset) {
        entries.removeIf(entry -> entry.lastOffset >= endOffset);
    }

    void startAt(long offset) {
        startOffset = offset;
    }

    /** Where the batch that holds an offset begins. */
    long startOfBatch(long offset) {
        return entries.stream()
                .filter(entry -> entry.lastOffset >= offset)
                .mapToLong(Entry::baseOffset)
                .findFirst()
                .orElse(offset);
    }

    List<Transaction> transactions() {
        List<Transaction> transactions = new ArrayList<>();
        Map<Long, Entry> open = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.isTransactional && entry.marker == null) {
                open.putIfAbsent(entry.producerId, entry);
            } else if (entry.isTransactional) {
                Entry first = open.remove(entry.producerId);
                if (first != null) {
                    transactions.add(new Transaction(
                            entry.producerId, first.baseOffset, entry.lastOffset, entry.marker == ControlRecord.ABORT));
                }
            }
        }
        open.forEach((id, first) -> transactions.add(Transaction.open(id, first.baseOffset)));
        return transactions;
    }

    long lastStableOffset(long highWatermark) {
        long first = transactions().stream()
                .filter(each -> each.isOpenAt(highWatermark - 1))
                .mapToLong(Transaction::firstOffset)
                .min()
                .orElse(highWatermark);
        return Math.min(highWatermark, Math.max(first, startOffset));
    }

    /** Ordered by first offset. */
    List<AbortedTransaction> aborted(long fromOffset, long endOffset) {
        return transactions().stream()
                .filter(Transaction::isAborted)
                .filter(each -> each.markerOffset >= fromOffset && each.firstOffset < endOffset)
                .map(each -> new AbortedTransaction(
                        each.producerId, each.firstOffset, each.markerOffset, stableAt(each.markerOffset)))
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList();
    }

    /** What compaction has left of a transaction may begin later. */
    boolean isAborted(AbortedTransaction transaction) {
        return transactions().stream()
                .anyMatch(each -> each.isAborted
                        && each.producerId == transaction.producerId()
                        && each.markerOffset == transaction.lastOffset()
                        && each.firstOffset <= transaction.firstOffset());
    }

    private long stableAt(long markerOffset) {
        return transactions().stream()
                .filter(each -> each.isOpenAt(markerOffset))
                .mapToLong(Transaction::firstOffset)
                .min()
                .orElse(markerOffset + 1);
    }

    /** The offsets of all records that are no part of an aborted transaction. */
    List<Long> committed(long fromOffset, long lastStableOffset) {
        List<AbortedTransaction> aborted = aborted(0, Long.MAX_VALUE);
        return entries.stream()
                .filter(entry -> entry.marker == null)
                .filter(entry -> aborted.stream()
                        .noneMatch(each -> entry.isOf(each.producerId())
                                && entry.baseOffset >= each.firstOffset()
                                && entry.lastOffset < each.lastOffset()))
                .flatMapToLong(entry -> LongStream.rangeClosed(entry.baseOffset, entry.lastOffset))
                .filter(offset -> offset >= fromOffset && offset < lastStableOffset)
                .boxed()
                .toList();
    }

    /**
     * What the last batch of each producer ends with.
     *
     * @param withMarkers whether those that have written nothing themselves are among them
     */
    Map<Long, Integer> lastSequences(boolean withMarkers) {
        Map<Long, Integer> last = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.producerId >= 0 && entry.marker == null) {
                last.put(entry.producerId, entry.lastSequence);
            } else if (entry.producerId >= 0 && withMarkers) {
                last.putIfAbsent(entry.producerId, -1);
            }
        }
        return last;
    }

    /** Where each producer's open transaction begins. */
    Map<Long, Long> open() {
        Map<Long, Long> open = new HashMap<>();
        transactions().stream()
                .filter(Transaction::isOpen)
                .forEach(each -> open.put(each.producerId, each.firstOffset));
        return open;
    }
}

package io.milena.broker.partitions;

import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.runtime.Signal;
import java.util.ArrayList;
import java.util.List;

/**
 * One fetch request at work: reads its partitions in order, as often as it takes to gather enough bytes. Confined to one thread.
 */
final class FetchRound {
    private final Partitions partitions;
    private final List<WantedPartition> wanted;
    private final FetchReads reads;
    private final int bytesMax;

    private final List<Partition> watched = new ArrayList<>();
    /** How far the watched partitions could be read when they were. */
    private long[] watermarks = {};

    private List<FetchedPartition> fetched = List.of();
    private long bytes;

    FetchRound(Partitions partitions, List<WantedPartition> wanted, FetchReads reads, int bytesMax) {
        this.partitions = partitions;
        this.wanted = wanted;
        this.reads = reads;
        this.bytesMax = bytesMax;
    }

    /** Reads every wanted partition anew; what an earlier read held is let go. */
    void read() {
        release();
        watched.clear();
        List<FetchedPartition> round = new ArrayList<>(wanted.size());
        List<Long> seen = new ArrayList<>(wanted.size());
        bytes = 0;
        for (WantedPartition want : wanted) {
            FetchedPartition result = switch (reads.find(want, partitions)) {
                case Partitions.Missing missing -> FetchedPartition.failed(want, missing.error());
                case Partitions.Found(Partition partition) -> {
                    watched.add(partition);
                    seen.add(reads.endOf(partition));
                    yield reads.read(want, partition, budget(want.request()));
                }
            };
            bytes += result.sizeInBytes();
            round.add(result);
        }
        fetched = round;
        watermarks = seen.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * Bytes that this partition may add. The first partition with data may pass the limits by one batch, or a consumer could never get
     * past it; after that an exhausted budget is zero.
     */
    private FetchedPartition.Budget budget(FetchPartition request) {
        long left = Math.max(0, bytesMax - bytes);
        int limit = (int) Math.clamp(request.partitionMaxBytes(), 0, left);
        return bytes == 0 ? FetchedPartition.Budget.atLeastOneBatch(limit) : FetchedPartition.Budget.strictly(limit);
    }

    boolean isWorthAnswering(int minBytes) {
        return bytes >= minBytes || fetched.isEmpty() || fetched.stream().anyMatch(FetchedPartition::isUrgent);
    }

    /** Whether a watched partition has more to read than at the last read, or is served no more. */
    boolean hasMoved() {
        for (int i = 0; i < watermarks.length; i++) {
            Partition partition = watched.get(i);
            if (reads.endOf(partition) != watermarks[i] || !reads.isServed(partition)) {
                return true;
            }
        }
        return false;
    }

    List<Signal> signals() {
        return watched.stream().map(Partition::changed).toList();
    }

    /** A waiting consumer is a reason to hurry. */
    void hurry() {
        watched.forEach(Partition::hurry);
    }

    /** The results of the last read; the caller now owns the file slices in them. */
    List<FetchedPartition> take() {
        List<FetchedPartition> taken = fetched;
        taken.forEach(FetchedPartition::count);
        fetched = List.of();
        return taken;
    }

    void release() {
        fetched.forEach(FetchedPartition::release);
        fetched = List.of();
    }
}

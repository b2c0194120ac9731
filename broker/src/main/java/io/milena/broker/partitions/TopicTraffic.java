package io.milena.broker.partitions;

import io.milena.log.AppendResult;
import java.util.concurrent.atomic.LongAdder;

/** What clients have written to and read from the partitions of one topic that are here, since the start. Sums of many threads: exact once those threads rest. */
public final class TopicTraffic {
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder recordsIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder appends = new LongAdder();
    private final LongAdder failedAppends = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder failedReads = new LongAdder();

    TopicTraffic() {}

    void appended(int bytes, AppendResult result) {
        appends.increment();
        switch (result) {
            case AppendResult.Appended done -> {
                bytesIn.add(bytes);
                recordsIn.add(done.lastOffset() - done.baseOffset() + 1);
            }
            case AppendResult.Duplicate ignored -> {}
            case AppendResult.Refused ignored -> failedAppends.increment();
        }
    }

    /** @param bytes of records that are sent */
    void read(long bytes) {
        reads.increment();
        bytesOut.add(bytes);
    }

    void readFailed() {
        reads.increment();
        failedReads.increment();
    }

    /** Bytes of record batches that were appended. */
    public long bytesIn() {
        return bytesIn.sum();
    }

    public long recordsIn() {
        return recordsIn.sum();
    }

    /** Bytes of record batches that were given to clients. */
    public long bytesOut() {
        return bytesOut.sum();
    }

    /** Asked for by clients, one for each partition of a request. */
    public long appends() {
        return appends.sum();
    }

    public long failedAppends() {
        return failedAppends.sum();
    }

    /** Answers to clients, one for each partition of a request. */
    public long reads() {
        return reads.sum();
    }

    public long failedReads() {
        return failedReads.sum();
    }
}

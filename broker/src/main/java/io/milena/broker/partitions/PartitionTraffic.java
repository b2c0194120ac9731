package io.milena.broker.partitions;

import io.milena.log.AppendResult;
import java.util.concurrent.atomic.LongAdder;

/** What clients have written to and read from one partition since it is served here; its topic's counts too. Sums of many threads: exact once those threads rest. */
public final class PartitionTraffic {
    private final TopicTraffic topic;
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    PartitionTraffic(TopicTraffic topic) {
        this.topic = topic;
    }

    void appended(int bytes, AppendResult result) {
        topic.appended(bytes, result);
        if (result instanceof AppendResult.Appended) {
            bytesIn.add(bytes);
        }
    }

    /** @param bytes of records that are sent */
    void read(long bytes) {
        topic.read(bytes);
        bytesOut.add(bytes);
    }

    void readFailed() {
        topic.readFailed();
    }

    /** Bytes of record batches that were appended. */
    public long bytesIn() {
        return bytesIn.sum();
    }

    /** Bytes of record batches that were given to clients. */
    public long bytesOut() {
        return bytesOut.sum();
    }
}

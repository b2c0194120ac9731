package io.milena.network;

import java.util.concurrent.atomic.LongAdder;

/** What a server has seen since its start. Sums of many threads: each figure is exact once those threads rest. */
public final class ConnectionStatistics {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    ConnectionStatistics() {}

    /** Connections that are open now. */
    public long open() {
        return accepted.sum() - ended.sum();
    }

    public long accepted() {
        return accepted.sum();
    }

    /** Connections closed at once, because there were too many. */
    public long refused() {
        return refused.sum();
    }

    /** Whole frames received. */
    public long requests() {
        return requests.sum();
    }

    public long bytesIn() {
        return bytesIn.sum();
    }

    public long bytesOut() {
        return bytesOut.sum();
    }

    void connectionAccepted() {
        accepted.increment();
    }

    void connectionEnded() {
        ended.increment();
    }

    void connectionRefused() {
        refused.increment();
    }

    void requestReceived() {
        requests.increment();
    }

    void received(long bytes) {
        bytesIn.add(bytes);
    }

    void sent(long bytes) {
        bytesOut.add(bytes);
    }
}

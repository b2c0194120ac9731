package io.milena.log;

/**
 * The high watermark of a replica, which its log keeps for the next start: consumers have seen what lies below. It is written down now and then ({@code replication-offset-checkpoint}, as Kafka does), so after
 * a crash an earlier one may be found. Safe for use by many threads.
 */
public final class CommittedOffset {
    private volatile long value;

    CommittedOffset() {}

    /** 0 where nobody has said. */
    public long value() {
        return value;
    }

    public void set(long offset) {
        value = offset;
    }
}

package io.milena.broker.partitions;

import io.milena.log.AppendResult;
import io.milena.log.Log;
import io.milena.log.ReadResult;
import io.milena.protocol.ErrorCode;
import io.milena.records.BatchHeader;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * One partition that this broker leads: its log, its leader epoch and its high watermark. Safe for use by many threads.
 *
 * <p>With one replica the high watermark is the log's flushed offset: what a consumer sees is on disk.
 */
public final class Partition {
    private final Log log;
    private final int leaderEpoch;
    private final TopicTraffic traffic;

    Partition(Log log, int leaderEpoch, TopicTraffic traffic) {
        this.log = log;
        this.leaderEpoch = leaderEpoch;
        this.traffic = traffic;
    }

    public String topic() {
        return log.topic();
    }

    public UUID topicId() {
        return log.topicId();
    }

    public int index() {
        return log.partition();
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    public Log log() {
        return log;
    }

    /** That of all partitions of its topic that are here. */
    public TopicTraffic traffic() {
        return traffic;
    }

    public long logStartOffset() {
        return log.logStartOffset();
    }

    public long highWatermark() {
        return log.flushedOffset();
    }

    /** The first offset that {@code read_committed} readers may not see yet; without open transactions, the high watermark. */
    public long lastStableOffset() {
        return log.lastStableOffset(highWatermark());
    }

    /** Raised whenever an offset of this partition moves or its log goes offline. */
    public Signal changed() {
        return log.changed();
    }

    /** Appends as the leader. When someone waits for this partition, the new batches are forced at once, else with the next round. */
    public AppendResult append(ByteBuffer batches) {
        int bytes = batches.remaining();
        return hurried(bytes, log.append(batches, leaderEpoch));
    }

    /** As {@link #append}, unless a transaction has ended here since the log was asked how many have. */
    AppendResult appendUnlessEnded(ByteBuffer batches, long endedTransactions) {
        int bytes = batches.remaining();
        return hurried(bytes, log.transactions().appendUnlessEnded(batches, leaderEpoch, endedTransactions));
    }

    private AppendResult hurried(int bytes, AppendResult result) {
        traffic.appended(bytes, result);
        if (log.changed().hasWaiters()) {
            hurry();
        }
        return result;
    }

    /** Compares the leader epoch that a client believes in, or -1, with the true one (KIP-320). */
    ErrorCode checkLeaderEpoch(int claimedEpoch) {
        if (claimedEpoch < 0 || claimedEpoch == leaderEpoch) {
            return ErrorCode.NONE;
        }
        return claimedEpoch < leaderEpoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }

    /** Whole batches from the one that holds {@code offset} on, below {@code endOffset}, which is not above the high watermark. */
    public ReadResult read(long offset, int maxBytes, long endOffset) {
        return log.read(offset, maxBytes, endOffset);
    }

    /** As {@link #read}, below the last stable offset, with the transactions that were aborted. */
    public ReadResult readCommitted(long offset, int maxBytes, long lastStableOffset) {
        return log.readCommitted(offset, maxBytes, lastStableOffset);
    }

    /** The time of the batch that holds the first record at {@code offset} or behind it, below {@code endOffset}; empty where there is none, or it has no time. */
    public OptionalLong batchTimestampAt(long offset, long endOffset) {
        return log.read(offset, BatchHeader.SIZE_IN_BYTES, endOffset) instanceof ReadResult.Slice slice
                ? BatchTime.of(slice)
                : OptionalLong.empty();
    }

    /** Asks for everything that is appended by now to be replicated soon: on one node, forced to disk. */
    public void hurry() {
        log.requestFlush();
    }

    /**
     * Waits until everything below {@code offset} is replicated as the topic demands it: on one node, forced to disk.
     *
     * @return false when the deadline came first or the log went offline
     */
    public boolean awaitReplicated(long offset, Deadline deadline) throws InterruptedException {
        hurry();
        log.changed().await(() -> log.flushedOffset() >= offset || log.isOffline(), deadline);
        return log.flushedOffset() >= offset;
    }
}

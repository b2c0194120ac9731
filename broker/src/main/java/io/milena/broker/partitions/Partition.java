package io.milena.broker.partitions;

import io.milena.log.AppendResult;
import io.milena.log.Ending;
import io.milena.log.Log;
import io.milena.log.ReadResult;
import io.milena.protocol.ErrorCode;
import io.milena.records.BatchHeader;
import io.milena.replication.Appended;
import io.milena.replication.Detached;
import io.milena.replication.Follower;
import io.milena.replication.Leader;
import io.milena.replication.Offline;
import io.milena.replication.Replicated;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * One partition of which this broker has a replica: its log, its leader epoch and its high watermark. Safe for use by many threads.
 *
 * <p>With one replica the high watermark is the log's flushed offset: what a consumer sees is on disk.
 */
public final class Partition {
    /** Of more than so many records, at the least one is taken for data. */
    private static final int MARKERS_MAX = 16;

    private final Log log;
    private final Replica replica;
    private final PartitionTraffic traffic;
    private final BatchTimes batchTimes = new BatchTimes();

    Partition(Replica replica, TopicTraffic ofTopic) {
        this.log = replica.log();
        this.replica = replica;
        this.traffic = new PartitionTraffic(ofTopic);
    }

    public Replica replica() {
        return replica;
    }

    /** Whether this broker leads it. */
    public boolean isLed() {
        return replica.state() instanceof Leader;
    }

    /** Whether this broker has a copy of what another one leads. */
    boolean isFollowed() {
        return replica.state() instanceof Follower;
    }

    /** The broker that leads it, or -1. */
    int leader() {
        return switch (replica.state()) {
            case Leader leader -> leader.localId();
            case Follower follower -> follower.assignment().leader();
            case Detached ignored -> -1;
            case Offline ignored -> -1;
        };
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
        return replica.state().leaderEpoch();
    }

    public Log log() {
        return log;
    }

    /** What clients write to it and read from it here. */
    public PartitionTraffic traffic() {
        return traffic;
    }

    public long logStartOffset() {
        return log.logStartOffset();
    }

    public long highWatermark() {
        return replica.highWatermark();
    }

    /** Whether the latest offset can be told to consumers now (KIP-207). */
    ErrorCode latestOffsetError() {
        return replica.state() instanceof Leader leader && !replica.isAlone()
                ? leader.latestOffsetError()
                : ErrorCode.NONE;
    }

    /** The first offset that {@code read_committed} readers may not see yet; without open transactions, the high watermark. */
    public long lastStableOffset() {
        return log.lastStableOffset(highWatermark());
    }

    /** Raised whenever an offset of this partition moves or its log goes offline. */
    public Signal changed() {
        return log.changed();
    }

    /**
     * Appends as the leader. When someone waits for this partition, the new batches are forced at once, else with the next round.
     *
     * @param needsAll whether the producer waits for all in-sync replicas, and so demands that there are enough
     */
    public AppendResult append(ByteBuffer batches, boolean needsAll) {
        int bytes = batches.remaining();
        return hurried(bytes, replica.append(needsAll, leaderEpoch -> log.append(batches, leaderEpoch)));
    }

    /** As {@link #append} for all in-sync replicas, unless a transaction has ended here since the log was asked how many have. */
    AppendResult appendUnlessEnded(ByteBuffer batches, long endedTransactions) {
        int bytes = batches.remaining();
        return hurried(
                bytes,
                replica.append(
                        true,
                        leaderEpoch -> log.transactions().appendUnlessEnded(batches, leaderEpoch, endedTransactions)));
    }

    /** As {@link #append}, for batches that the broker itself has made, as long as it leads in that epoch. */
    public AppendResult appendOwn(ByteBuffer batches, int inLeaderEpoch) {
        return replica.append(
                true,
                leaderEpoch -> leaderEpoch == inLeaderEpoch ? log.appendOwn(batches, leaderEpoch) : epochIsOver());
    }

    /** Ends the transaction of a producer, as long as this broker leads in that leader epoch. */
    public AppendResult end(Ending ending, int inLeaderEpoch) {
        return replica.append(
                true,
                leaderEpoch ->
                        leaderEpoch == inLeaderEpoch ? log.transactions().end(ending, leaderEpoch) : epochIsOver());
    }

    private static AppendResult epochIsOver() {
        return AppendResult.Refused.because(AppendResult.Reason.NOT_LEADER_OR_FOLLOWER, "the leader epoch is over");
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
        return replica.state().checkLeaderEpoch(claimedEpoch);
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
        return log.settings().compacting().isOn()
                ? readBatchTime(offset, endOffset)
                : batchTimes.at(offset, leaderEpoch(), () -> readBatchTime(offset, endOffset));
    }

    private OptionalLong readBatchTime(long offset, long endOffset) {
        return log.read(offset, BatchHeader.SIZE_IN_BYTES, endOffset) instanceof ReadResult.Slice slice
                ? BatchTime.of(slice)
                : OptionalLong.empty();
    }

    /** Where the first record at {@code offset} or behind it may be that a consumer gets: the markers in which transactions end are passed, as far as nothing but some of them is left. */
    public long behindMarkers(long offset, long endOffset) {
        long next = offset;
        if (endOffset - offset <= MARKERS_MAX) {
            while (next < endOffset
                    && log.read(next, BatchHeader.SIZE_IN_BYTES, endOffset) instanceof ReadResult.Slice slice) {
                long behind = BatchTime.endOfMarker(slice);
                if (behind <= next) {
                    break;
                }
                next = behind;
            }
        }
        return next;
    }

    /** Asks for everything that is appended by now to be replicated soon: on one node, forced to disk. */
    public void hurry() {
        log.requestFlush();
    }

    /**
     * Waits until everything below {@code offset} is replicated as the topic demands it: on all in-sync replicas, forced to disk.
     *
     * @return false when the deadline came first, the log went offline, or another broker leads now
     */
    public boolean awaitReplicated(long offset, Deadline deadline) throws InterruptedException {
        return awaitReplicated(leaderEpoch(), offset, deadline);
    }

    /** As {@link #awaitReplicated(long, Deadline)}, for what was appended in that leader epoch. What is committed stays so, also when too few are in sync by now, of which only a producer is told. */
    public boolean awaitReplicated(int leaderEpoch, long offset, Deadline deadline) throws InterruptedException {
        ErrorCode error = awaitReplicated(new Appended(leaderEpoch, offset), deadline);
        return error == ErrorCode.NONE || error == ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
    }

    /** As {@link #awaitReplicated(long, Deadline)}, for what was appended in a leader epoch; answers what a producer is told. */
    ErrorCode awaitReplicated(Appended appended, Deadline deadline) throws InterruptedException {
        hurry();
        log.changed().awaitLevel(appended.endOffset(), () -> isOver(appended), deadline);
        return switch (replica.replicated(appended)) {
            case Replicated.Over(ErrorCode error) -> error;
            case Replicated.NotYet ignored ->
                log.isOffline() ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.REQUEST_TIMED_OUT;
        };
    }

    /** Whether a wait for what was appended is over, well or not. */
    boolean isOver(Appended appended) {
        return log.isOffline() || replica.replicated(appended) instanceof Replicated.Over;
    }
}

package io.milena.quorum;

import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Hands out what the quorum has committed. An entry is a record batch that carries the epoch in which its leader decided; in an entry of any other term it is void, on all
 * members alike, which fences a leader that has been replaced and came back. Offsets are given here, by counting records.
 *
 * <p>Runs on Ratis' one updating thread, but for what is said of leaders.
 */
final class MetadataStateMachine extends BaseStateMachine {
    private static final System.Logger LOGGER = System.getLogger(MetadataStateMachine.class.getName());

    private final RatisSnapshots snapshots;
    private final Delivery delivery;
    private final Leaderships leaderships;
    private final Clock clock;
    private final Runnable onFailure;
    private final AppliedEntries entries = new AppliedEntries();
    private volatile long endOffset;
    private volatile long totalBytes;
    private volatile long snapshotBytes;
    private volatile long snapshotIndex = RaftLog.INVALID_LOG_INDEX;
    private volatile RatisSnapshots.@Nullable Name prepared;
    private volatile @Nullable Throwable failure;
    private volatile CommittedMembers members = CommittedMembers.NONE;
    private int configurationTerm;

    /** @param onFailure to stop this member, on a thread that may not wait for it */
    MetadataStateMachine(
            RatisSnapshots snapshots, Delivery delivery, Leaderships leaderships, Clock clock, Runnable onFailure) {
        this.snapshots = snapshots;
        this.delivery = delivery;
        this.leaderships = leaderships;
        this.clock = clock;
        this.onFailure = onFailure;
    }

    long endOffset() {
        return endOffset;
    }

    long bytesSinceSnapshot() {
        return totalBytes - snapshotBytes;
    }

    AppliedEntries entries() {
        return entries;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage) throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        super.initialize(server, groupId, storage);
        load();
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    @Override
    public void pause() {
        if (getLifeCycleState() == LifeCycle.State.RUNNING) {
            getLifeCycle().transition(LifeCycle.State.PAUSING);
            getLifeCycle().transition(LifeCycle.State.PAUSED);
        }
    }

    /** A snapshot has come from the leader. */
    @Override
    public void reinitialize() throws IOException {
        prepared = null;
        load();
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    private void load() throws IOException {
        RatisSnapshots.Name name = snapshots.load();
        if (name == null || name.index() <= getLastAppliedTermIndex().getIndex()) {
            return;
        }
        List<ByteBuffer> records = snapshots.read(name);
        delivery.snapshot(name.endOffset(), name.epoch(), records);
        entries.beginWith(
                new AppliedEntries.Entry(name.index(), name.epoch(), name.endOffset(), totalBytes, clock.millis()));
        endOffset = name.endOffset();
        snapshotBytes = totalBytes;
        snapshotIndex = name.index();
        setLastAppliedTermIndex(name.termIndex());
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        try {
            return CompletableFuture.completedFuture(answer(apply(entry)));
        } finally {
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        }
    }

    /** The offset of the last record, or -1 if the entry is void. */
    private long apply(LogEntryProto entry) {
        // A copy: Ratis uses its buffer again.
        ByteBuffer content =
                ByteBuffer.wrap(entry.getStateMachineLogEntry().getLogData().toByteArray());
        RecordBatch batch = RecordBatch.at(content);
        if (batch.partitionLeaderEpoch() != entry.getTerm()) {
            return -1;
        }
        List<ByteBuffer> records = new ArrayList<>();
        for (Record record : batch.records()) {
            ByteBuffer value = record.value();
            if (value != null) {
                records.add(value);
            }
        }
        int epoch = batch.partitionLeaderEpoch();
        long baseOffset = endOffset;
        // First this, so that whoever has heard of it finds it here.
        endOffset = baseOffset + records.size();
        long bytes = totalBytes + batch.sizeInBytes();
        totalBytes = bytes;
        entries.add(new AppliedEntries.Entry(entry.getIndex(), epoch, endOffset, bytes, clock.millis()));
        delivery.committed(baseOffset, epoch, batch.maxTimestampMs(), records);
        return endOffset - 1;
    }

    private static Message answer(long offset) {
        return Message.valueOf(
                ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(0, offset)));
    }

    /** The next {@link #takeSnapshot} makes this one, whose file is written, the newest. */
    void publishNext(RatisSnapshots.Name name) {
        prepared = name;
    }

    /** Of the newest snapshot. */
    long snapshotIndex() {
        return snapshotIndex;
    }

    @Override
    public long takeSnapshot() throws IOException {
        RatisSnapshots.Name name = prepared;
        prepared = null;
        if (name != null && name.index() > snapshotIndex) {
            snapshots.publish(name);
            snapshotIndex = name.index();
            AppliedEntries.Entry entry = entries.endingAt(name.endOffset());
            snapshotBytes = entry == null ? snapshotBytes : entry.totalBytes();
        }
        return snapshotIndex;
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots;
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        configurationTerm = Math.toIntExact(term);
        members = members.after(index, configuration);
    }

    CommittedMembers members() {
        return members;
    }

    /** Called for the first entry of a leader, which is a configuration, before it counts as applied. */
    @Override
    public void notifyLeaderReady() {
        leaderships.begun(configurationTerm);
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        leaderships.ended();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        CompletableFuture<RaftServer> server = getServer();
        if (leader != null && server.isDone()) {
            try {
                long term = server.join().getDivision(getGroupId()).getInfo().getCurrentTerm();
                leaderships.seen(Math.toIntExact(term), Integer.parseInt(leader.toString()));
            } catch (IOException e) {
                LOG.debug("the server is being started or closed", e);
            }
        }
    }

    /** A leader that cannot write would go on to lead, and commit nothing. */
    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        if (failure == null) {
            failure = cause;
            LOGGER.log(Level.ERROR, "The log of the quorum cannot be written; this member stops", cause);
            leaderships.ended();
            onFailure.run();
        }
    }

    /** Why this member has stopped by itself, if it has. */
    @Nullable
    Throwable failure() {
        Throwable heard = delivery.failure();
        return heard == null ? failure : heard;
    }

    @Override
    public void close() throws IOException {
        leaderships.ended();
        super.close();
    }
}

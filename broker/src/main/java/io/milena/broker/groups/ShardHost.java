package io.milena.broker.groups;

import io.milena.broker.partitions.LedPartition;
import io.milena.broker.partitions.Partition;
import io.milena.groups.Command;
import io.milena.groups.CoordinatorRecord;
import io.milena.groups.Decision;
import io.milena.groups.Effect;
import io.milena.groups.GroupEvent;
import io.milena.groups.GroupSettings;
import io.milena.groups.GroupShard;
import io.milena.groups.Producer;
import io.milena.groups.Refusals;
import io.milena.groups.RequestContext;
import io.milena.groups.TimerKey;
import io.milena.groups.Topics;
import io.milena.log.AppendResult;
import io.milena.log.Ending;
import io.milena.log.LogReplay;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.records.BatchHeader;
import io.milena.records.ControlRecord;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.TrustedTime;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One partition of {@code __consumer_offsets} with the state machine of its groups: decides, appends, replays, answers, one command at a time. */
final class ShardHost {
    private static final System.Logger LOG = System.getLogger("io.milena.groups");

    private final LedPartition partition;
    private final GroupShard shard;
    private final TimerQueue timers;
    private final TrustedTime time;
    private final Supplier<Topics> topics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, PendingReply> pending = new HashMap<>();
    private final GroupTimelines timelines = new GroupTimelines();
    private long lastToken;
    private long endedTransactions;
    private boolean isResigned;

    /** A timer of this shard. */
    private record Timer(ShardHost host, TimerKey key) {}

    /** What a shard is given by its coordinator. */
    record Surroundings(GroupSettings settings, TimerQueue timers, TrustedTime time, Supplier<Topics> topics) {}

    private ShardHost(Partition partition, Surroundings around) {
        this.partition = LedPartition.now(partition);
        this.shard = new GroupShard(around.settings);
        this.timers = around.timers;
        this.time = around.time;
        this.topics = around.topics;
    }

    /** Reads the partition from its start, then takes commands. */
    static ShardHost load(Partition partition, Surroundings around) throws IOException {
        ShardHost host = new ShardHost(partition, around);
        LogReplay.of(partition.log(), 0, batch -> {
            if (batch.isControl()) {
                host.replayMarker(batch);
            } else {
                Long producerId = batch.isTransactional() ? batch.producerId() : null;
                for (Record record : batch.records()) {
                    ByteBuffer key = record.key();
                    if (key != null) {
                        host.shard.replay(key, record.value(), producerId);
                    }
                }
            }
        });
        host.shard.topics(around.topics.get()); // before sessions begin: a group may have a time-out of its own
        host.carryOut(host.shard.elected(host.time.millis()));
        return host;
    }

    private void replayMarker(RecordBatch batch) {
        for (Record record : batch.records()) {
            replayMarker(batch.producerId(), ControlRecord.ofKey(record.key()));
        }
    }

    private void replayMarker(long producerId, @Nullable ControlRecord how) {
        if (how == ControlRecord.COMMIT) {
            shard.committed(producerId);
        } else if (how == ControlRecord.ABORT) {
            shard.aborted(producerId);
        }
    }

    /** As {@link GroupCoordinator#end}: nothing comes between the marker and what it does. */
    AppendResult end(Ending ending) {
        lock.lock();
        try {
            AppendResult result = partition.end(ending);
            if (result instanceof AppendResult.Appended) {
                endedTransactions++;
                replayMarker(ending.producerId(), ending.how());
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** How many transactions have ended here. */
    long endedTransactions() {
        return read(state -> endedTransactions);
    }

    /** As {@link #submit}, unless a transaction has ended here since {@link #endedTransactions} was asked: then null. */
    @Nullable
    PendingReply submitUnlessEnded(
            io.milena.broker.api.RequestContext from, Question question, long endedTransactionsBefore) {
        lock.lock();
        try {
            return endedTransactions == endedTransactionsBefore ? submit(from, question) : null;
        } finally {
            lock.unlock();
        }
    }

    /** Makes a command for a token of its own. */
    @FunctionalInterface
    interface Question {
        Command command(RequestContext context);
    }

    PendingReply submit(io.milena.broker.api.RequestContext from, Question question) {
        PendingReply reply = new PendingReply(partition);
        lock.lock();
        try {
            if (isResigned) { // since it was found
                return PendingReply.given(Refusals.of(question.command(contextOf(from, 0)), ErrorCode.NOT_COORDINATOR));
            }
            long token = ++lastToken;
            pending.put(token, reply);
            handle(question.command(contextOf(from, token)), time.millis());
            return reply;
        } finally {
            lock.unlock();
        }
    }

    static RequestContext contextOf(io.milena.broker.api.RequestContext from, long token) {
        return new RequestContext(token, from.version(), from.clientId(), from.clientHost());
    }

    /** A command that nobody waits for. */
    void tell(Command command) {
        lock.lock();
        try {
            handle(command, time.millis());
        } finally {
            lock.unlock();
        }
    }

    /** Decides by the topics that there are now; what nobody waits for comes too late for one that has resigned. */
    private void handle(Command command, long nowMs) {
        if (isResigned) {
            return;
        }
        followTopics();
        carryOut(shard.handle(command, nowMs));
    }

    /** Nobody sees a topic that was restored without what was committed in it. */
    private void followTopics() {
        shard.topics(topics.get());
        if (!isResigned && shard.hasOffsetsToRestore()) {
            carryOut(shard.handle(new Command.RestoreOffsets(), time.millis()));
        }
    }

    /** A clock that was set back must not make a shard believe that its timer came too early. */
    private void fire(TimerKey key, long atMs) {
        lock.lock();
        try {
            handle(new Command.TimerFired(key), Math.max(time.millis(), atMs));
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the state; the caller waits with {@link #awaitDurable} before it tells anybody. */
    <T> T read(Function<GroupShard, T> question) {
        lock.lock();
        try {
            followTopics();
            return question.apply(shard);
        } finally {
            lock.unlock();
        }
    }

    GroupTimelines.Remembered timeline(String groupId) {
        lock.lock();
        try {
            return timelines.of(groupId);
        } finally {
            lock.unlock();
        }
    }

    long endOffset() {
        return partition.endOffset();
    }

    /** Answers false if the log went offline before. */
    boolean awaitDurable(long endOffset) throws InterruptedException {
        return partition.awaitDurable(endOffset);
    }

    /** Whether this is still the shard of one of these partitions: another epoch has another one. */
    boolean isOfOne(Set<Partition> here) {
        return partition.isAmong(here);
    }

    boolean isOffline() {
        return partition.isOffline();
    }

    private void carryOut(Decision decision) {
        Decision effective = decision;
        if (!decision.records().isEmpty()) {
            ErrorCode error = append(decision);
            if (error == ErrorCode.NONE) {
                Producer producer = decision.producer();
                Long producerId = producer == null ? null : producer.id();
                decision.records().forEach(record -> shard.replay(record.key(), record.value(), producerId));
            } else {
                effective = shard.appendFailed(decision, error, time.millis());
            }
        }
        for (Effect effect : effective.effects()) {
            switch (effect) {
                case Effect.Reply(long token, ApiMessage response) -> {
                    PendingReply reply = pending.remove(token);
                    if (reply != null) {
                        reply.give(response, endOffset());
                    }
                }
                case Effect.SetTimer(TimerKey key, long atMs) ->
                    timers.set(new Timer(this, key), atMs - time.millis(), () -> fire(key, atMs));
                case Effect.CancelTimer(TimerKey key) -> timers.cancel(new Timer(this, key));
                case Effect.Happened(String groupId, GroupEvent event) -> timelines.add(groupId, time.millis(), event);
                case Effect.Note(String groupId, String text) -> LOG.log(Level.INFO, "Group {0}: {1}", groupId, text);
            }
        }
    }

    private ErrorCode append(Decision decision) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        Producer producer = decision.producer();
        if (producer != null) {
            builder.producer(producer.id(), producer.epoch(), BatchHeader.NO_SEQUENCE)
                    .transactional();
        }
        long nowMs = time.millis();
        for (CoordinatorRecord record : decision.records()) {
            builder.append(nowMs, record.key(), record.value());
        }
        return partition.append(builder);
    }

    /** Answers everybody who waits; nothing may follow. */
    void resign() {
        lock.lock();
        try {
            isResigned = true;
            carryOut(shard.resigned(time.millis()));
        } finally {
            lock.unlock();
        }
    }
}

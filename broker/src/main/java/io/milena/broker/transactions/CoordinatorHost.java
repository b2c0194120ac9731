package io.milena.broker.transactions;

import io.milena.broker.groups.TimerQueue;
import io.milena.broker.partitions.LedPartition;
import io.milena.broker.partitions.Partition;
import io.milena.log.LogReplay;
import io.milena.protocol.ErrorCode;
import io.milena.records.Record;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.TrustedTime;
import io.milena.transactions.Command;
import io.milena.transactions.CoordinatorRecord;
import io.milena.transactions.Decision;
import io.milena.transactions.Effect;
import io.milena.transactions.Result;
import io.milena.transactions.TimerKey;
import io.milena.transactions.TransactionSettings;
import io.milena.transactions.TransactionShard;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/** One partition of {@code __transaction_state} with its state machine: decides, appends, replays, one command at a time. */
final class CoordinatorHost {
    private static final System.Logger LOG = System.getLogger("io.milena.transactions");

    private final LedPartition partition;
    private final TransactionShard shard;
    private final TimerQueue timers;
    private final TrustedTime time;
    private final Consumer<TransactionEnd> ends;
    private final ReentrantLock lock = new ReentrantLock();
    /** Raised when a transaction is complete. */
    private final Signal completed = new Signal();

    private volatile boolean isResigned;

    /** A timer of this shard. */
    private record Timer(CoordinatorHost host, TimerKey key) {}

    private CoordinatorHost(
            Partition partition,
            TransactionSettings settings,
            TimerQueue timers,
            TrustedTime time,
            Consumer<TransactionEnd> ends) {
        this.partition = LedPartition.now(partition);
        this.shard = new TransactionShard(settings);
        this.timers = timers;
        this.time = time;
        this.ends = ends;
    }

    /**
     * Reads the partition from its start, then takes commands.
     *
     * @param ends starts what has to be carried out; called under the lock of this host
     */
    static CoordinatorHost load(
            Partition partition,
            TransactionSettings settings,
            TimerQueue timers,
            TrustedTime time,
            Consumer<TransactionEnd> ends)
            throws IOException {
        CoordinatorHost host = new CoordinatorHost(partition, settings, timers, time, ends);
        LogReplay.of(partition.log(), 0, batch -> {
            if (!batch.isControl()) {
                for (Record record : batch.records()) {
                    ByteBuffer key = record.key();
                    if (key != null) {
                        host.shard.replay(key, record.value());
                    }
                }
            }
        });
        host.carryOut(host.shard.elected(time.millis()));
        return host;
    }

    /** The epoch of this coordinator, which markers carry. */
    int epoch() {
        return partition.leaderEpoch();
    }

    /** Whether this is still the host of one of these partitions: another epoch has another one. */
    boolean isOfOne(Set<Partition> here) {
        return partition.isAmong(here);
    }

    /** Another broker leads, or this one again: nothing may follow, and nobody waits any longer. */
    void resign() {
        isResigned = true;
        completed.raise();
    }

    PendingResult submit(Command command) {
        return submit(command, time.millis());
    }

    private PendingResult submit(Command command, long nowMs) {
        lock.lock();
        try {
            Decision decision = shard.handle(command, nowMs);
            if (!decision.records().isEmpty()) {
                ErrorCode error = append(decision);
                if (error == ErrorCode.NONE) {
                    decision.records().forEach(shard::replay);
                } else {
                    decision = shard.appendFailed(command, error, nowMs);
                }
            }
            carryOut(decision);
            return now(decision.result());
        } finally {
            lock.unlock();
            if (command instanceof Command.MarkersWritten) {
                completed.raise();
            }
        }
    }

    private ErrorCode append(Decision decision) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        long nowMs = time.millis();
        for (CoordinatorRecord record : decision.records()) {
            builder.append(nowMs, record.key(), record.value());
        }
        return partition.append(builder);
    }

    private void carryOut(Decision decision) {
        for (Effect effect : decision.effects()) {
            switch (effect) {
                case Effect.WriteMarkers markers -> ends.accept(new TransactionEnd(this, markers, endOffset()));
                case Effect.SetTimer(TimerKey key, long atMs) ->
                    timers.set(new Timer(this, key), atMs - time.millis(), () -> fire(key, atMs));
                case Effect.Note(String id, String text) -> LOG.log(Level.INFO, "Transactional id {0}: {1}", id, text);
            }
        }
    }

    /** A clock that was set back must not make a shard believe that its timer came too early. */
    private void fire(TimerKey key, long atMs) {
        if (!isOver()) {
            submit(new Command.TimerFired(key), Math.max(time.millis(), atMs));
        }
    }

    /** Looks at the state; the caller waits with {@link #awaitDurable} before it tells anybody. */
    <T> T read(Function<TransactionShard, T> question) {
        lock.lock();
        try {
            return question.apply(shard);
        } finally {
            lock.unlock();
        }
    }

    long nowMs() {
        return time.millis();
    }

    long endOffset() {
        return partition.endOffset();
    }

    /** A result that rests on what is here now. */
    PendingResult now(Result result) {
        return new PendingResult(partition, endOffset(), result);
    }

    /** Answers false if the log went offline before, or the epoch ended. */
    boolean awaitDurable(long endOffset) throws InterruptedException {
        return partition.awaitDurable(endOffset);
    }

    /** Waits until no markers of the transactional id are being written, or until the deadline. */
    void awaitComplete(String transactionalId, Deadline deadline) throws InterruptedException {
        completed.await(() -> isOver() || !read(state -> state.isEnding(transactionalId)), deadline);
    }

    /** Whether it decides nothing any more. */
    boolean isOver() {
        return isResigned || partition.isOffline();
    }
}

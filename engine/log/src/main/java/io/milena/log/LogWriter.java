package io.milena.log;

import io.milena.records.BatchFault;
import io.milena.records.BatchValidation;
import io.milena.records.InvalidRecordsException;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.records.TimestampType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How a log takes batches, as the leader of its partition or as a follower. Safe for use by many threads; holds the log's lock from the check of the producer on until the batch is written. */
final class LogWriter {
    private final Log log;
    private final ReentrantLock lock;
    /** Changed with the lock. */
    private final AtomicLong endedTransactions = new AtomicLong();

    /** What may be in the way of an append; asked with the lock. */
    private interface Obstacle {
        AppendResult.@Nullable Refused refusal();
    }

    LogWriter(Log log, ReentrantLock lock) {
        this.log = log;
        this.lock = lock;
    }

    /** As {@link Log#append}. */
    AppendResult append(ByteBuffer bytes, int leaderEpoch) {
        return appendOfClient(bytes, leaderEpoch, () -> null);
    }

    /** As {@link LogTransactions#appendUnlessEnded}. */
    AppendResult appendUnlessEnded(ByteBuffer bytes, int leaderEpoch, long ended) {
        return appendOfClient(
                bytes,
                leaderEpoch,
                () -> ended == endedTransactions.get()
                        ? null
                        : AppendResult.Refused.because(
                                AppendResult.Reason.CONCURRENT_TRANSACTIONS, "a transaction has ended here meanwhile"));
    }

    private AppendResult appendOfClient(ByteBuffer bytes, int leaderEpoch, Obstacle obstacle) {
        String refusal = log.services().space().refusal(bytes.remaining());
        return refusal == null
                ? append(bytes, leaderEpoch, Admission.ofClients(log.settings()), obstacle)
                : log.health().refusal(refusal);
    }

    boolean hasTransaction(long producerId, short epoch) {
        lock.lock();
        try {
            return log.contents().producers().hasTransaction(producerId, epoch);
        } finally {
            lock.unlock();
        }
    }

    long endedTransactions() {
        return endedTransactions.get();
    }

    /** As {@link LogTransactions#end}. */
    AppendResult end(Ending ending, int leaderEpoch) {
        RecordBatch marker = EndMarker.batch(ending, log.services().clock().millis());
        return append(
                marker.buffer(),
                leaderEpoch,
                Admission.ofBroker(log.settings()),
                () -> log.contents().producers().refusal(ending));
    }

    /** As {@link Log#appendOwn}. */
    AppendResult appendOwn(ByteBuffer bytes, int leaderEpoch) {
        return append(bytes, leaderEpoch, Admission.ofBroker(log.settings()), () -> null);
    }

    /** As {@link Log#appendAsFollower}. */
    AppendResult appendAsFollower(ByteBuffer bytes) {
        long firstOffset = log.logEndOffset();
        AppendResult result = appendReplicated(bytes);
        if (log.logEndOffset() > firstOffset) {
            noteAppended();
        }
        return result;
    }

    private AppendResult appendReplicated(ByteBuffer bytes) {
        lock.lock();
        try {
            log.movable().passGate();
            long baseOffset = log.logEndOffset();
            for (RecordBatch batch : RecordBatches.of(bytes)) {
                AppendResult refused = refusalOfReplicated(batch);
                if (refused != null) {
                    return refused;
                }
                log.health().withRoom(() -> {
                    log.contents().replay(batch, log.settings().rolling());
                    log.appended();
                    return batch;
                });
            }
            return new AppendResult.Appended(baseOffset, log.logEndOffset() - 1, -1, log.logStartOffset());
        } catch (InvalidRecordsException e) {
            return Admission.refusal(e.fault());
        } catch (IOException e) {
            return log.health().notWritten(e);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable AppendResult refusalOfReplicated(RecordBatch batch) {
        if (log.health().isOffline()) {
            return log.health().refusal("the log is offline");
        }
        BatchFault fault = BatchValidation.corruption(batch);
        if (fault != null) {
            return Admission.refusal(fault);
        }
        return batch.baseOffset() >= log.logEndOffset()
                ? null
                : AppendResult.Refused.because(
                        AppendResult.Reason.INVALID_RECORD,
                        "a batch of offset " + batch.baseOffset() + " for a log that ends at " + log.logEndOffset());
    }

    private AppendResult append(ByteBuffer bytes, int leaderEpoch, Admission admission, Obstacle obstacle) {
        long nowMs = log.services().clock().millis();
        RecordBatch batch;
        try {
            batch = RecordBatch.filling(bytes);
            AppendResult.Refused refused = admission.check(batch, nowMs);
            if (refused != null) {
                return refused;
            }
            batch = admission.prepare(batch, nowMs);
        } catch (InvalidRecordsException e) {
            return Admission.refusal(e.fault());
        }
        AppendResult result = appendChecked(batch, leaderEpoch, obstacle);
        if (result instanceof AppendResult.Appended) {
            noteAppended();
        }
        return result;
    }

    private void noteAppended() {
        if (log.settings().durability() == LogSettings.Durability.WRITTEN) {
            log.changed().raise();
        }
        log.noteDirty();
    }

    private AppendResult appendChecked(RecordBatch batch, int leaderEpoch, Obstacle obstacle) {
        lock.lock();
        try {
            log.movable().passGate();
            LogHealth health = log.health();
            if (health.isOffline()) {
                return health.refusal("the log is offline");
            }
            AppendResult refused = obstacle.refusal();
            if (refused != null) {
                return refused;
            }
            AppendResult known = log.contents().producers().check(batch);
            return known != null ? known : health.withRoom(() -> write(batch, leaderEpoch));
        } catch (IOException e) {
            return log.health().notWritten(e);
        } finally {
            lock.unlock();
        }
    }

    private AppendResult write(RecordBatch batch, int leaderEpoch) throws IOException {
        log.contents().append(batch, leaderEpoch, log.settings().rolling());
        log.appended();
        if (batch.isControl()) {
            endedTransactions.incrementAndGet();
        }
        boolean isStamped = log.settings().accepting().timestampType() == TimestampType.LOG_APPEND_TIME;
        return new AppendResult.Appended(
                batch.baseOffset(), batch.lastOffset(), isStamped ? batch.maxTimestampMs() : -1, log.logStartOffset());
    }
}

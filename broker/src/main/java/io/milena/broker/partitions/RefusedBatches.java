package io.milena.broker.partitions;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Batches of idempotent producers that were refused for the moment, and must not be overtaken by what their producers had sent behind them: a log that does not know a producer takes any sequence for the first, and would call
 * those before it duplicates when they come again, which they are not. Of each producer and partition the first that was refused is kept until it comes again; of very many, the newest. Safe for use by many threads.
 */
final class RefusedBatches {
    private static final Set<ErrorCode> PASSING = Collections.unmodifiableSet(EnumSet.of(
            ErrorCode.NOT_ENOUGH_REPLICAS,
            ErrorCode.NOT_LEADER_OR_FOLLOWER,
            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
            ErrorCode.UNKNOWN_TOPIC_ID,
            ErrorCode.KAFKA_STORAGE_ERROR));

    private static final int KEPT_MAX = 10_000;
    /** Sequences that far ahead are not told from those that come before. */
    private static final int AHEAD_MAX = 1 << 30;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Refused> kept = new LinkedHashMap<>();
    private volatile boolean isEmpty = true;

    /** Topics are known by what requests call them. */
    private record Key(String topic, UUID topicId, int partition, long producerId) {}

    private record Refused(short epoch, int sequence) {
        boolean isBefore(BatchHeader batch) {
            int distance = (batch.baseSequence() - sequence) & Integer.MAX_VALUE; // 0 follows the largest
            return epoch == batch.producerEpoch() && distance > 0 && distance <= AHEAD_MAX;
        }
    }

    /** Whether a batch would be the first that the log of a partition hears from a producer, of which another one was to be the first. */
    boolean isOvertaking(TopicProduceData topic, PartitionProduceData data, Partition partition) {
        BatchHeader batch = isEmpty ? null : header(data);
        if (batch == null) {
            return false;
        }
        Refused refused;
        lock.lock();
        try {
            refused = kept.get(key(topic, data, batch));
        } finally {
            lock.unlock();
        }
        return refused != null
                && refused.isBefore(batch)
                && partition.log().producers().stream().noneMatch(known -> known.producerId() == batch.producerId());
    }

    /** A batch was appended, or refused: for the moment, or for good, and then its producer does not send it again. */
    void note(TopicProduceData topic, PartitionProduceData data, PartitionOutcome outcome) {
        boolean isRefused = PASSING.contains(ErrorCode.of(outcome.response().errorCode()));
        BatchHeader batch = isEmpty && !isRefused ? null : header(data);
        if (batch == null) {
            return;
        }
        lock.lock();
        try {
            note(key(topic, data, batch), batch, isRefused, outcome.isFailed());
            isEmpty = kept.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void note(Key key, BatchHeader batch, boolean isRefused, boolean isFailed) {
        Refused before = kept.get(key);
        if (!isFailed) {
            kept.remove(key);
        } else if (isRefused && (before == null || !before.isBefore(batch))) {
            kept.put(key, new Refused(batch.producerEpoch(), batch.baseSequence()));
            if (kept.size() > KEPT_MAX) {
                Iterator<Key> oldest = kept.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    private static Key key(TopicProduceData topic, PartitionProduceData data, BatchHeader batch) {
        return new Key(topic.name(), topic.topicId(), data.index(), batch.producerId());
    }

    private static @Nullable BatchHeader header(PartitionProduceData data) {
        if (!(data.records() instanceof Payload.InMemory records)) {
            return null;
        }
        try {
            BatchHeader header = BatchHeader.at(records.bytes());
            return header != null && header.hasProducerId() && header.baseSequence() >= 0 ? header : null;
        } catch (InvalidRecordsException e) {
            return null;
        }
    }
}

package io.milena.transactions;

import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Message;
import io.milena.protocol.WireReader;
import io.milena.protocol.WireWriter;
import io.milena.protocol.record.TransactionLogKey;
import io.milena.protocol.record.TransactionLogValue;
import io.milena.protocol.record.TransactionLogValue.PartitionsSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The records of {@code __transaction_state} as bytes.
 *
 * <pre>
 * key    type int16 (0) | TransactionLogKey, in version 0
 * value  version int16 | TransactionLogValue: 1, which Apache Kafka 4 writes; 0 can be read
 * </pre>
 */
final class RecordCodec {
    private static final short KEY_VERSION = 0;
    private static final short VALUE_VERSION = 1;

    private RecordCodec() {}

    static ByteBuffer key(String transactionalId) {
        return bytes(TransactionLogKey.TYPE, new TransactionLogKey(transactionalId), KEY_VERSION);
    }

    static ByteBuffer value(Transaction transaction) {
        TransactionState state = transaction.state();
        Owner owner = transaction.owner();
        return bytes(
                VALUE_VERSION,
                TransactionLogValue.builder()
                        .producerId(owner.producerId())
                        .previousProducerId(owner.previousProducerId())
                        .nextProducerId(
                                state instanceof TransactionState.Prepared prepared
                                        ? prepared.nextProducerId()
                                        : Producer.NO_ID)
                        .producerEpoch(owner.epoch())
                        .transactionTimeoutMs(transaction.timeoutMs())
                        .transactionStatus(state.stateName().id())
                        .transactionPartitions(
                                state instanceof TransactionState.Empty ? null : byTopic(state.involved()))
                        .transactionLastUpdateTimestampMs(transaction.updatedMs())
                        .transactionStartTimestampMs(state.begunMs())
                        .clientTransactionVersion(transaction.version().level())
                        .build(),
                VALUE_VERSION);
    }

    private static List<PartitionsSchema> byTopic(SortedSet<TopicPartition> partitions) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        for (TopicPartition each : partitions) {
            topics.computeIfAbsent(each.topic(), topic -> new ArrayList<>()).add(each.partition());
        }
        return topics.entrySet().stream()
                .map(topic -> new PartitionsSchema(topic.getKey(), topic.getValue()))
                .toList();
    }

    private static ByteBuffer bytes(short prefix, Message message, short version) {
        WireWriter out = new WireWriter();
        out.int16(prefix);
        message.write(out, version);
        return out.toBuffer();
    }

    /**
     * Decodes a record; null if it is of a kind from the future.
     *
     * @throws MalformedMessageException if it is of the known kind and damaged
     */
    static @Nullable CoordinatorRecord read(ByteBuffer keyBytes, @Nullable ByteBuffer valueBytes) {
        WireReader in = new WireReader(keyBytes.duplicate());
        if (in.int16() != TransactionLogKey.TYPE) {
            return null;
        }
        String id = TransactionLogKey.read(in, KEY_VERSION).transactionalId();
        return valueBytes == null
                ? CoordinatorRecord.tombstone(id)
                : CoordinatorRecord.of(transaction(id, new WireReader(valueBytes.duplicate())));
    }

    private static Transaction transaction(String id, WireReader in) {
        short version = in.int16();
        if (version < 0 || version > TransactionLogValue.HIGHEST_VERSION) {
            throw new MalformedMessageException("version " + version + " of a value is not known, the highest is "
                    + TransactionLogValue.HIGHEST_VERSION);
        }
        TransactionLogValue value = TransactionLogValue.read(in, version);
        return new Transaction(
                id,
                new Owner(value.producerId(), value.previousProducerId(), value.producerEpoch(), Producer.NO_EPOCH),
                value.transactionTimeoutMs(),
                TransactionVersion.of(value.clientTransactionVersion()),
                state(value),
                value.transactionLastUpdateTimestampMs());
    }

    private static TransactionState state(TransactionLogValue value) {
        StateName name = StateName.ofId(value.transactionStatus());
        if (name == null) {
            throw new MalformedMessageException("a transaction in state " + value.transactionStatus());
        }
        SortedSet<TopicPartition> partitions = partitions(value.transactionPartitions());
        long startMs = value.transactionStartTimestampMs();
        return switch (name) {
            case EMPTY -> new TransactionState.Empty();
            case ONGOING -> new TransactionState.Ongoing(partitions, startMs);
            case PREPARE_COMMIT ->
                new TransactionState.Prepared(Outcome.COMMIT, partitions, startMs, value.nextProducerId());
            case PREPARE_ABORT ->
                new TransactionState.Prepared(Outcome.ABORT, partitions, startMs, value.nextProducerId());
            case COMPLETE_COMMIT -> new TransactionState.Complete(Outcome.COMMIT, startMs);
            case COMPLETE_ABORT -> new TransactionState.Complete(Outcome.ABORT, startMs);
            case DEAD, PREPARE_EPOCH_FENCE ->
                throw new MalformedMessageException("state " + name.label() + " is never written");
        };
    }

    private static SortedSet<TopicPartition> partitions(@Nullable List<PartitionsSchema> topics) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        if (topics != null) {
            topics.forEach(topic -> topic.partitionIds()
                    .forEach(partition -> partitions.add(new TopicPartition(topic.topic(), partition))));
        }
        return partitions;
    }
}

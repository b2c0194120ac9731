package io.milena.broker.partitions;

import io.milena.log.AppendResult;
import io.milena.network.CloseConnection;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.records.BatchHeader;
import io.milena.records.InvalidRecordsException;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one produce request that are part of a transaction. The first batch of a transaction in a partition passes the {@link TransactionGate}: since v12 it adds the partition, before it must
 * have been added. Confined to the connection's reader thread.
 */
final class TransactionalAppends {
    private static final short FIRST_VERSION_THAT_KNOWS_ABORTABLE = 11;
    private static final short FIRST_VERSION_THAT_ADDS = 12;

    private final TransactionGate gate;
    private final String transactionalId;
    private final short version;
    private final SortedSet<TopicPartition> all = new TreeSet<>();
    /** Who has added all partitions. */
    private @Nullable Producer addedBy;

    TransactionalAppends(TransactionGate gate, String transactionalId, short version) {
        this.gate = gate;
        this.transactionalId = transactionalId;
        this.version = version;
    }

    /** The header of what is to be appended, if it is part of a transaction; what is malformed is refused by the log. */
    static @Nullable BatchHeader header(PartitionProduceData data) {
        if (!(data.records() instanceof Payload.InMemory records)) {
            return null;
        }
        try {
            BatchHeader header = BatchHeader.at(records.bytes());
            return header != null && header.isTransactional() && header.hasProducerId() ? header : null;
        } catch (InvalidRecordsException e) {
            return null;
        }
    }

    /** A partition of this request; it is added with the others when the first one is. */
    void expect(Partition partition) {
        all.add(new TopicPartition(partition.topic(), partition.index()));
    }

    PartitionOutcome append(
            Partition partition, PartitionProduceData data, Payload.InMemory records, BatchHeader header) {
        Producer producer = new Producer(header.producerId(), header.producerEpoch());
        try {
            while (true) {
                long ended = partition.log().transactions().ended();
                ErrorCode error = partition.log().transactions().isOpen(producer.id(), producer.epoch())
                        ? ErrorCode.NONE
                        : begin(producer, header, new TopicPartition(partition.topic(), partition.index()));
                if (error != ErrorCode.NONE) {
                    return PartitionOutcome.failed(data.index(), forProducer(error));
                }
                int leaderEpoch = partition.leaderEpoch();
                AppendResult result = partition.appendUnlessEnded(records.bytes(), ended);
                if (!hasEndedMeanwhile(result)) {
                    return PartitionOutcome.of(partition, leaderEpoch, data.index(), result);
                }
                addedBy = null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnection("it ends while a transaction is asked for");
        }
    }

    private static boolean hasEndedMeanwhile(AppendResult result) {
        return result instanceof AppendResult.Refused refused
                && refused.reason() == AppendResult.Reason.CONCURRENT_TRANSACTIONS;
    }

    /**
     * Since v12 each transaction has an epoch of its own, and its sequences begin at 0 in each partition. A log that does not know the producer takes any sequence for the first: so one that overtakes
     * the first batch, because that was refused for the moment, is refused here, and comes again behind it.
     */
    private ErrorCode begin(Producer producer, BatchHeader header, TopicPartition partition)
            throws InterruptedException {
        ErrorCode error = enter(producer, partition); // first: who is fenced is to hear that
        return error == ErrorCode.NONE && version >= FIRST_VERSION_THAT_ADDS && header.baseSequence() != 0
                ? ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
                : error;
    }

    private ErrorCode enter(Producer producer, TopicPartition partition) throws InterruptedException {
        if (version < FIRST_VERSION_THAT_ADDS) {
            return gate.verify(transactionalId, producer, partition);
        }
        if (all.add(partition)) {
            addedBy = null; // it was found only now, because it is new: what was added before does not have it
        }
        if (addedBy != null) {
            return addedBy.equals(producer) ? ErrorCode.NONE : ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        ErrorCode error = gate.add(transactionalId, producer, all);
        if (error == ErrorCode.NONE) {
            addedBy = producer;
        }
        return error;
    }

    /** The coordinator's error in words that a producer of this version acts on, as Apache Kafka chooses them. */
    private ErrorCode forProducer(ErrorCode error) {
        return switch (error) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case TRANSACTION_ABORTABLE ->
                version < FIRST_VERSION_THAT_KNOWS_ABORTABLE ? ErrorCode.INVALID_TXN_STATE : error;
            case CONCURRENT_TRANSACTIONS -> version < FIRST_VERSION_THAT_ADDS ? ErrorCode.NOT_ENOUGH_REPLICAS : error;
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS ->
                ErrorCode.NOT_ENOUGH_REPLICAS;
            default -> error;
        };
    }
}

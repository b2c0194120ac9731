package io.milena.broker.partitions;

import io.milena.protocol.ErrorCode;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import java.util.SortedSet;

/** Who writes in a transaction asks here first: the coordinator must know of a partition, and durably, before it holds anything of the transaction; or else nobody would end it there (KIP-890). */
public interface TransactionGate {
    /** Makes the partitions part of the transaction. */
    ErrorCode add(String transactionalId, Producer producer, SortedSet<TopicPartition> partitions)
            throws InterruptedException;

    /** Answers TRANSACTION_ABORTABLE where the partition is not part of the transaction. */
    ErrorCode verify(String transactionalId, Producer producer, TopicPartition partition) throws InterruptedException;
}

package io.milena.broker.transactions;

import io.milena.broker.partitions.TransactionGate;
import io.milena.protocol.ErrorCode;
import io.milena.runtime.Deadline;
import io.milena.transactions.Command;
import io.milena.transactions.Producer;
import io.milena.transactions.Result;
import io.milena.transactions.TopicPartition;
import io.milena.transactions.TransactionVersion;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** The gate that asks the coordinator of this broker. */
public final class TransactionAdmission implements TransactionGate {
    /** How long a producer's former transaction may still be ending before it is told to come again, in ms; Apache Kafka's {@code add.partitions.to.txn.retry.backoff.max.ms}. */
    private static final long PATIENCE_MS = 100;

    private final TransactionCoordinator coordinator;

    public TransactionAdmission(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ErrorCode add(String transactionalId, Producer producer, SortedSet<TopicPartition> partitions)
            throws InterruptedException {
        Command command = new Command.AddPartitions(transactionalId, producer, partitions, TransactionVersion.TV2);
        Result result = coordinator.submit(transactionalId, command).await();
        if (result.error() == ErrorCode.CONCURRENT_TRANSACTIONS) {
            CoordinatorHost host = coordinator.hostOf(transactionalId);
            if (host != null) {
                host.awaitComplete(transactionalId, Deadline.afterMs(coordinator.clock(), PATIENCE_MS));
            }
            result = coordinator.submit(transactionalId, command).await();
        }
        return result.error();
    }

    @Override
    public ErrorCode verify(String transactionalId, Producer producer, TopicPartition partition)
            throws InterruptedException {
        CoordinatorHost host = coordinator.hostOf(transactionalId);
        if (host == null) {
            return ErrorCode.NOT_COORDINATOR;
        }
        SortedSet<TopicPartition> one =
                Collections.unmodifiableSortedSet(new TreeSet<>(Collections.singleton(partition)));
        ErrorCode error = host.read(shard -> shard.verify(transactionalId, producer, one));
        return error != ErrorCode.NONE || host.awaitDurable(host.endOffset()) ? error : ErrorCode.NOT_COORDINATOR;
    }
}

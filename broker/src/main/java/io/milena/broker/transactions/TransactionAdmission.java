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

/** The gate that asks the coordinator of the transactional id, here or at another broker. */
public final class TransactionAdmission implements TransactionGate {
    /** How long a producer's former transaction may still be ending before it is told to come again, in ms; Apache Kafka's {@code add.partitions.to.txn.retry.backoff.max.ms}. */
    private static final long PATIENCE_MS = 100;
    /** How often another broker is asked meanwhile; Apache Kafka's {@code add.partitions.to.txn.retry.backoff.ms}. */
    private static final long AGAIN_MS = 20;

    private final TransactionCoordinator coordinator;

    public TransactionAdmission(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ErrorCode add(String transactionalId, Producer producer, SortedSet<TopicPartition> partitions)
            throws InterruptedException {
        int broker = coordinator.elsewhere(transactionalId);
        return broker < 0
                ? addHere(transactionalId, producer, partitions)
                : addThere(broker, transactionalId, producer, partitions);
    }

    private ErrorCode addHere(String transactionalId, Producer producer, SortedSet<TopicPartition> partitions)
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

    private ErrorCode addThere(
            int broker, String transactionalId, Producer producer, SortedSet<TopicPartition> partitions)
            throws InterruptedException {
        Deadline patience = Deadline.afterMs(coordinator.clock(), PATIENCE_MS);
        while (true) {
            ErrorCode error = coordinator
                    .others()
                    .ask(broker, DistantCoordinators.Wish.ADD, transactionalId, producer, partitions);
            if (error != ErrorCode.CONCURRENT_TRANSACTIONS || patience.isPast()) {
                return error;
            }
            coordinator.clock().sleepMs(AGAIN_MS);
        }
    }

    @Override
    public ErrorCode verify(String transactionalId, Producer producer, TopicPartition partition)
            throws InterruptedException {
        SortedSet<TopicPartition> one =
                Collections.unmodifiableSortedSet(new TreeSet<>(Collections.singleton(partition)));
        int broker = coordinator.elsewhere(transactionalId);
        if (broker >= 0) {
            return coordinator.others().ask(broker, DistantCoordinators.Wish.VERIFY, transactionalId, producer, one);
        }
        CoordinatorHost host = coordinator.hostOf(transactionalId);
        if (host == null) {
            return coordinator.absence(transactionalId);
        }
        ErrorCode error = host.read(shard -> shard.verify(transactionalId, producer, one));
        return error != ErrorCode.NONE || host.awaitDurable(host.endOffset()) ? error : ErrorCode.NOT_COORDINATOR;
    }
}

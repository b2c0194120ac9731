package io.milena.transactions;

import java.util.OptionalLong;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What may change a shard; each is answered by the {@link Decision} on it. The host has authorized it, and knows that partitions that are added exist. */
public sealed interface Command {
    /**
     * A producer introduces itself: it fences those before it, and their open transaction is aborted first.
     *
     * @param expected who it was so far, if it goes on after an error (KIP-360)
     * @param newProducerId one that no other producer has, if {@link TransactionShard#wantsProducerId} asked for it
     */
    record InitProducerId(
            String transactionalId, int timeoutMs, @Nullable Producer expected, OptionalLong newProducerId)
            implements Command {}

    /** Partitions of topics, or that of a group's offsets. */
    record AddPartitions(
            String transactionalId, Producer producer, SortedSet<TopicPartition> partitions, TransactionVersion version)
            implements Command {}

    /** @param newProducerId as in {@link InitProducerId} */
    record EndTransaction(
            String transactionalId,
            Producer producer,
            Outcome outcome,
            TransactionVersion version,
            OptionalLong newProducerId)
            implements Command {}

    /** All markers that an {@link Effect.WriteMarkers} asked for are durable in their partitions. Late and double ones do no harm. */
    record MarkersWritten(String transactionalId, Producer producer) implements Command {}

    /** A timer set by {@link Effect.SetTimer} has come to its time. Late and double ones do no harm. */
    record TimerFired(TimerKey key) implements Command {}
}

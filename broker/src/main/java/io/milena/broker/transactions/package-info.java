/**
 * The host of the transaction coordinator, and the transaction APIs.
 *
 * <p>{@link io.milena.broker.transactions.TransactionCoordinator} has one {@link io.milena.broker.transactions.CoordinatorHost} for each partition of {@code __transaction_state}; a transactional id lives
 * in the one that it hashes to. A command is decided by {@code core/transactions} under the host's lock, its records are appended and replayed, and its result waits until they are durable. When the
 * outcome of a transaction is decided, an {@link io.milena.broker.transactions.TransactionEnd} on a thread of its own waits for that to be durable, has the markers written
 * ({@link io.milena.broker.transactions.Markers}) here or by the brokers that lead the partitions, waits for them, and reports back.
 *
 * <p>Among several brokers a host belongs to one leader epoch: with the next one it resigns, and the broker that leads then reads the partition and goes on.
 *
 * <p>Nobody writes to a partition in a transaction that does not know of it: {@link io.milena.broker.transactions.TransactionAdmission} asks before, and the partition's log takes the batch only if no
 * transaction has ended in it since (KIP-890).
 */
@NullMarked
package io.milena.broker.transactions;

import org.jspecify.annotations.NullMarked;

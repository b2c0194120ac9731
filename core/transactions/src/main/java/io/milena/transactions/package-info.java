/**
 * The transaction coordinator's decisions: who may write under a transactional id, which partitions a transaction has, and how it ends.
 *
 * <p><b>Owns</b> the meaning of the records of {@code __transaction_state} and the life of transactions (KIP-98, KIP-360, KIP-447, KIP-890): fencing of former producers by epochs, epochs that run
 * out, transactions that nobody ends, ids that nobody uses any more. A producer that knows {@code transaction.version} 2 gets a new epoch with every end; older ones keep theirs until they begin anew.
 *
 * <p><b>Shape.</b> {@link io.milena.transactions.TransactionShard} is the state machine of one partition: {@link io.milena.transactions.Command} and a time in, {@link
 * io.milena.transactions.Decision} out: a {@link io.milena.transactions.Result} for whoever asked, {@link io.milena.transactions.CoordinatorRecord}s to append and {@link
 * io.milena.transactions.Effect}s to carry out. Its contract with the host that appends, waits and writes markers is written there. State changes by replaying records only.
 *
 * <pre>
 *             AddPartitions              EndTransaction, time-out,           MarkersWritten
 *                                        a new producer
 *   Empty  ------------------>  Ongoing  ---------------->  Prepared(outcome)  -------->  Complete(outcome)
 *     ^                            ^                                                          |  |
 *     |                            '----------------------------------------------------------'  |
 *     '--------------------------------------- InitProducerId -----------------------------------'
 * </pre>
 *
 * From {@code Prepared} there is one way only: whatever happens, its markers are written, in all its partitions, with its outcome.
 *
 * <p><b>Inside.</b> One class per command; {@code Transaction} makes the moves, {@code TransactionState} is where it is, {@code Owner} whose it is; {@code RecordCodec} is the byte format.
 *
 * <p><b>Threads:</b> none. A shard is called by one thread at a time; it does no I/O, and knows no clock but what a command brings.
 *
 * <p><b>Tested by</b> tables of every request in every state with the right, an old and a new epoch, and by shards that are loaded from what others have written.
 *
 * <p><b>Not here:</b> the partition itself, markers, timers, producer ids, whether topics exist ({@code broker}); offsets that are committed in a transaction ({@code core/groups}); two-phase
 * commit (KIP-939).
 */
@NullMarked
package io.milena.transactions;

import org.jspecify.annotations.NullMarked;

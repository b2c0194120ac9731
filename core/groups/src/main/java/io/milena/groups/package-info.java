/**
 * The group coordinator's decisions: who is in a group, who leads it, what was assigned, which offsets were committed.
 *
 * <p><b>Owns</b> the meaning of the records of {@code __consumer_offsets} and the life of classic groups: rounds of joining and syncing, eager and
 * cooperative alike (the assignor is the clients' matter, the broker only carries its bytes), sessions, static members (KIP-345), member ids that are
 * given before joining (KIP-394), skipped assignments (KIP-814); committed offsets of members and of consumers without a group, and their expiry (KIP-211); offsets that
 * are committed with a transaction, and seen when its marker is there (KIP-98, KIP-447). And of consumer groups (KIP-848), in which the coordinator itself decides who has which partitions:
 * members, epochs, targets, and the steps in which each member gets there, giving up before others take.
 *
 * <p><b>Shape.</b> {@link io.milena.groups.GroupShard} is the state machine of one partition: {@link io.milena.groups.Command} and a time in, {@link
 * io.milena.groups.Decision} out: {@link io.milena.groups.CoordinatorRecord}s to append and {@link io.milena.groups.Effect}s to carry out. Its contract with
 * the host that appends, waits and answers is written there. What is persistent changes by replaying records only; the live membership (who waits in which
 * round) changes when a command is decided, and is lost by a restart back to the last finished round, as in Kafka.
 *
 * <p><b>Inside.</b> One class per command ({@code JoinGroupHandler}, {@code SyncGroupHandler}, ...), which checks and answers; {@code Rebalance} makes the
 * moves between the states of {@code GroupState}; {@code ClassicGroup} and {@code Member} are the membership; {@code RecordCodec} is the byte format. What is of consumer groups begins with
 * {@code Consumer}: {@code ConsumerHeartbeatHandler} has their one command, {@code ConsumerRebalance} makes their moves, {@code Reconciliation} is the next step of one member, {@code
 * ConsumerRecords} is the byte format, and all but sessions is persistent. {@link io.milena.groups.assignment} shares partitions among members.
 *
 * <p><b>Threads:</b> none. A shard is called by one thread at a time; it does no I/O, and knows no clock and no randomness but what a command brings.
 * Everything that is iterated over has an order of its own, so the same commands give the same decisions.
 *
 * <p><b>Tested by</b> tables of requests and the answers that Apache Kafka 4.3 gave to them, plain-text scripts of whole rebalances ({@code
 * src/test/resources/rebalances}), a partition written by Apache Kafka, and seeded random walks against invariants, one of them for each kind of group.
 *
 * <p><b>Not here:</b> the partition itself, timers, waiting, lag, authorization and the check that topics exist ({@code broker}); share
 * and streams groups, whose records are skipped when loading; which partitions a transaction has ({@code core/transactions}).
 */
@NullMarked
package io.milena.groups;

import org.jspecify.annotations.NullMarked;

/**
 * The host of the group coordinator, and the group APIs.
 *
 * <p>{@link io.milena.broker.groups.GroupCoordinator} has one {@link io.milena.broker.groups.ShardHost} for each partition of {@code __consumer_offsets}; a group lives in the shard that its name hashes to. A command is
 * decided by {@code core/groups} under the shard's lock, its records are appended and replayed, and its answer waits, on the connection's writer thread, until they are durable. Timers are commands to
 * come: {@link io.milena.broker.groups.TimerQueue} sends them from one thread.
 */
@NullMarked
package io.milena.broker.groups;

import org.jspecify.annotations.NullMarked;

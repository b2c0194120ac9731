/**
 * The partitions that this broker hosts, and the APIs that read and write their records.
 *
 * <p>A {@link io.milena.broker.partitions.Partition} is a log with a role, which its {@link io.milena.broker.partitions.Replica} has: leader or follower, leader epoch, and high watermark, which never passes the log's flushed
 * offset. {@link io.milena.broker.partitions.Partitions} finds them by name or topic id. Waiting happens on the log's signal.
 */
@NullMarked
package io.milena.broker.partitions;

import org.jspecify.annotations.NullMarked;

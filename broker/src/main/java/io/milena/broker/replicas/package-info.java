/**
 * How the replicas of a broker meet others: followers fetch from their leaders, leaders ask the controller for another set of in-sync replicas. What is decided is {@code core/replication}'s; what one
 * replica does, {@link io.milena.broker.partitions.Replica}'s.
 *
 * <p>Threads: one {@code LeaderFetcher} for each leader that this broker follows, one for all proposals to the controller, one timer.
 *
 * <p>Tested by brokers of a simulated world ({@code ReplicationTest}).
 */
@NullMarked
package io.milena.broker.replicas;

import org.jspecify.annotations.NullMarked;

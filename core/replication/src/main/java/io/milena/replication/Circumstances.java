package io.milena.replication;

/**
 * What a decision depends on besides the state and the command.
 *
 * @param nowMs of a monotonic clock; it never goes back
 */
public record Circumstances(long nowMs, ReplicationSettings settings, LogView log, Brokers brokers) {}

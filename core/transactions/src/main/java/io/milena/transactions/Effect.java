package io.milena.transactions;

import java.util.SortedSet;

/** What the host has to do for the shard, in the order given. */
public sealed interface Effect {
    /**
     * Ends the transaction in each of its partitions, when the records of the decision are durable and not before, however often it must be tried; then sends {@link Command.MarkersWritten}, when
     * all markers are durable. A partition that exists no more needs none.
     *
     * @param producer whose epoch the markers carry
     */
    record WriteMarkers(
            String transactionalId,
            Producer producer,
            Outcome outcome,
            TransactionVersion version,
            SortedSet<TopicPartition> partitions)
            implements Effect {}

    /** Sends {@link Command.TimerFired} at that time or later; replaces the running timer of the same key. */
    record SetTimer(TimerKey key, long atMs) implements Effect {}

    /** Something that people want to read in the log. One line, of bounded length. */
    record Note(String transactionalId, String text) implements Effect {}
}

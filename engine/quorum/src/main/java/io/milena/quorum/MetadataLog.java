package io.milena.quorum;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * An ordered, durable sequence of metadata records, of one node or agreed on by several. One thread appends at a time, and only where {@link #leadership()} says that
 * this node leads; all nodes hear of what was committed through their {@link Listener}.
 */
public interface MetadataLog extends Closeable {
    /** Receives the records that are there, in order, while a log is opened; the buffer is its own to keep. */
    @FunctionalInterface
    interface Reader {
        void record(ByteBuffer record);
    }

    /**
     * Hears of what was committed: each record once in the life of a process, in order, on one thread at a time, also of what this node has appended itself. It must not call
     * back into the log but for what answers at once ({@code endOffset}, {@code leadership}, {@code bytesSinceSnapshot}). An exception stops the log.
     */
    interface Listener {
        /** All that was heard before is replaced by these records, which stand for every offset below {@code endOffset}. The first call, unless the log is empty. */
        void snapshot(long endOffset, int epoch, List<ByteBuffer> records);

        /**
         * An append of the leader of {@code epoch} was committed.
         *
         * @param timeMs when that leader appended it, by its clock
         */
        void committed(long baseOffset, int epoch, long timeMs, List<ByteBuffer> records);

        /**
         * Who leads has changed. Epochs never go back. Where this node has begun to lead, everything that earlier epochs committed was handed out before this call. Who led hears of the
         * end later than others hear of a beginning, so what an old leader decides is fenced by its epoch alone.
         */
        void leadership(Leadership leadership);
    }

    /** As {@link #append(List, int)} in the epoch of {@link #leadership()}. */
    default long append(List<ByteBuffer> records) throws IOException {
        return append(records, leadership().epoch());
    }

    /**
     * Appends records as one batch, all or none, and returns when they survive the loss of power (of any minority, in a quorum) and the listener of this node has heard of them.
     * An interrupt does not stop it; the thread stays interrupted.
     *
     * @param epoch in which the caller believes to lead, and on whose records it has decided
     * @return the offset of the last one
     * @throws NotLeadingException if this node does not lead in that epoch: none was or will be appended
     * @throws UncertainAppendException if whether they were appended is unknown. A local log takes no more then. In a quorum the listener will tell: what it has not heard of when a later epoch
     *     begins was not appended, so who decides must decide no more in this one
     * @throws NotAppendedException if none was or will be appended, for want of space perhaps
     * @throws IOException if that failed otherwise
     */
    long append(List<ByteBuffer> records, int epoch) throws IOException;

    /** The offset behind the last committed record that this node knows. */
    long endOffset();

    /** Who leads, as far as this node knows. */
    Leadership leadership();

    /** The epoch of {@link #leadership()}: it grows with each change of leadership. */
    default int epoch() {
        return leadership().epoch();
    }

    /** Bytes appended since the last snapshot. */
    long bytesSinceSnapshot();

    /** As {@link #snapshot(long, List)} for all records so far. */
    default void snapshot(List<ByteBuffer> records) throws IOException {
        snapshot(endOffset(), records);
    }

    /**
     * Replaces all records below {@code endOffset} by {@code records}, which say the same. In a quorum, each node does so for itself.
     *
     * @param endOffset where an append ended; the present end, in a log of one node
     * @throws IOException if that failed: all records so far are still there, but a log of one node may take no more
     */
    void snapshot(long endOffset, List<ByteBuffer> records) throws IOException;

    /**
     * Voters and observers with their progress.
     *
     * @throws NotLeadingException if this node does not lead: only a leader knows
     */
    Quorum quorum() throws IOException;

    /** This node leads no more in that epoch, if it does: there will be another one, which may be led by it again. */
    default void resign(int epoch) throws IOException {
        throw new IOException("the metadata log of a single node is led by it for ever");
    }

    /**
     * Makes this node an observer, unless it is a member already; the others reach it where it says from now on. There is nothing to do if it hears from the leader.
     *
     * @throws IOException if it did not come to that: nobody leads, or who was asked is of another cluster
     */
    default void join() throws IOException {
        // Where members are fixed there is nothing to do.
    }

    /** Makes observers voters, together: none of them is one alone. Who is no observer stays what it is. */
    default void promote(Set<Integer> observers) throws IOException {
        throw new IOException("the metadata log of a single node has no observers");
    }

    /** The largest append, in bytes of its records and 100 more for each. */
    default int appendBytesMax() {
        return Integer.MAX_VALUE;
    }

    /**
     * Makes a node that runs, with an empty log or as an observer, a voter; returns when it has caught up and is one. Any node may be asked to see to it; if it is not the leader, the leader counts on the new voter a moment after. There is nothing to do if it is one.
     *
     * @throws IOException if it did not come to that: the node cannot be reached, is of another cluster or does not catch up, or nobody leads
     */
    default void addVoter(Peer peer) throws IOException {
        throw new IOException("the metadata log of a single node has no other voters");
    }

    /** Makes a node that runs, with an empty log, an observer: it hears of what is committed, and has no vote. Otherwise as {@link #addVoter}. */
    default void addObserver(Peer peer) throws IOException {
        throw new IOException("the metadata log of a single node has no observers");
    }

    /** A node is voter or observer no longer; it may be dead. There is nothing to do if it is neither. The last voter stays. */
    default void remove(int nodeId) throws IOException {
        throw new IOException("the metadata log of a single node has no other members");
    }
}

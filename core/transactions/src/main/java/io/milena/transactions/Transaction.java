package io.milena.transactions;

import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One transactional id: its owner and the transaction that it has. The methods are the moves that are legal; each answers what is after it.
 *
 * @param timeoutMs how long a transaction may be open
 * @param version what the client knew that last began or ended a transaction
 * @param updatedMs when anything last changed
 */
record Transaction(
        String id, Owner owner, int timeoutMs, TransactionVersion version, TransactionState state, long updatedMs) {

    static Transaction begunBy(long producerId, String id, int timeoutMs, long nowMs) {
        return new Transaction(
                id, Owner.first(producerId), timeoutMs, TransactionVersion.TV0, new TransactionState.Empty(), nowMs);
    }

    /** A producer introduces itself, and has what {@code newOwner} says. */
    Transaction taken(Owner newOwner, int newTimeoutMs, long nowMs) {
        return new Transaction(id, newOwner, newTimeoutMs, version, new TransactionState.Empty(), nowMs);
    }

    /** More partitions; the first begin the transaction. */
    Transaction with(SortedSet<TopicPartition> added, TransactionVersion clientVersion, long nowMs) {
        SortedSet<TopicPartition> all = new TreeSet<>(added);
        long startMs = nowMs;
        if (state instanceof TransactionState.Ongoing ongoing) {
            all.addAll(ongoing.partitions());
            startMs = ongoing.startMs();
        }
        return new Transaction(
                id, owner.same(), timeoutMs, clientVersion, new TransactionState.Ongoing(all, startMs), nowMs);
    }

    /**
     * The outcome is decided by the producer.
     *
     * @param newProducerId for a producer whose epochs are at their end, or -1
     */
    Transaction ended(Outcome outcome, TransactionVersion clientVersion, long newProducerId, long nowMs) {
        Owner after = clientVersion.bumpsEpochs() ? owner.bumped(owner.epoch()) : owner.same();
        return prepared(outcome, after, clientVersion, newProducerId, nowMs);
    }

    /** The transaction is aborted over its producer's head, which is fenced by it. */
    Transaction fenced(long nowMs) {
        short remembered = version.bumpsEpochs() ? owner.epoch() : Producer.NO_EPOCH;
        return prepared(Outcome.ABORT, owner.bumped(remembered), version, Producer.NO_ID, nowMs);
    }

    private Transaction prepared(
            Outcome outcome, Owner after, TransactionVersion clientVersion, long newProducerId, long nowMs) {
        long startMs = state instanceof TransactionState.Ongoing ongoing ? ongoing.startMs() : nowMs;
        TransactionState next = new TransactionState.Prepared(outcome, state.involved(), startMs, newProducerId);
        return new Transaction(id, after, timeoutMs, clientVersion, next, nowMs);
    }

    /** All markers are written. */
    Transaction completed(TransactionState.Prepared prepared, long nowMs) {
        return new Transaction(
                id,
                ownerAfter(prepared),
                timeoutMs,
                version,
                new TransactionState.Complete(prepared.outcome(), prepared.startMs()),
                nowMs);
    }

    /** Who has the id when the markers are written: the answer to the producer that has ended its transaction. */
    Owner ownerAfter(TransactionState.Prepared prepared) {
        boolean hasNewId = version.bumpsEpochs() && prepared.nextProducerId() != Producer.NO_ID;
        return hasNewId ? owner.rotated(prepared.nextProducerId(), owner.lastEpoch()) : owner.same();
    }

    /** What the host has to write; null unless the outcome is decided. */
    Effect.@Nullable WriteMarkers markers() {
        return state instanceof TransactionState.Prepared prepared
                ? new Effect.WriteMarkers(id, owner.producer(), prepared.outcome(), version, prepared.partitions())
                : null;
    }
}

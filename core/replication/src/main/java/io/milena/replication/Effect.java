package io.milena.replication;

/** What the host is to do, in this order, before it brings the next command; what takes long it only begins. */
public sealed interface Effect {
    /** Whoever waits on this replica for an offset up to that one looks at it again: its high watermark has moved there, or, where it is {@link #ALL}, its role has changed. */
    record Wake(long offset) implements Effect {
        static final long ALL = Long.MAX_VALUE;
    }

    /** Somebody looks at this replica at that time: a {@link Command.Tick}, and a fetcher that asks it what to fetch. */
    record LookAgainAt(long atMs) implements Effect {}

    /** For people. */
    record Note(String text) implements Effect {}

    /** What is appended by now is forced soon; then a {@link Command.LogMoved}. */
    record Force() implements Effect {}

    /** The log's start moves forward to this offset. */
    record MoveStart(long offset) implements Effect {}

    /** Sends the proposal to the controller, later ones of its attempts after a while; answered by {@link Command.ProposalAnswered}, also when no answer comes. */
    record Propose(Proposal proposal, int attempt) implements Effect {}

    /** A fetcher asks this replica what to fetch: {@link Follower#nextFetch}. */
    record FetchAgain() implements Effect {}

    /** Appends the batches of the fetch that was just answered, as they are; answered by {@link Command.BatchesAppended} or {@link Command.AppendFailed} at once. */
    record Append(FetchAnswer.Batches answer) implements Effect {}

    /** Asks the leader for its log start offset and its log end offset; answered by {@link Command.OffsetsAnswered} or {@link Command.OffsetsRefused}. */
    record AskOffsets(int leader, int leaderEpoch) implements Effect {}

    /** Begins to take away all records from this offset on; answered by {@link Command.Truncated}, or by {@link Command.LogFailed}. */
    record Truncate(long offset) implements Effect {}

    /** Begins to take away everything, so that the log starts and ends at this offset; answered as {@link Truncate} is. */
    record StartAnew(long offset) implements Effect {}
}

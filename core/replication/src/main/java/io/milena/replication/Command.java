package io.milena.replication;

import io.milena.protocol.ErrorCode;

/** What may change a replica. Commands that come too late, twice or to the wrong state do no harm. */
public sealed interface Command {
    /** The metadata have an assignment. They are told in their order, but not every one has to be. */
    record Assign(Assignment assignment) implements Command {}

    /** The end, the forced end or the start of the replica's log has moved. */
    record LogMoved() implements Command {}

    /** Time has passed; told every {@code replica.lag.time.max.ms / 2} and when an {@link Effect.LookAgainAt} says so. */
    record Tick() implements Command {}

    /** The disk has failed. */
    record LogFailed() implements Command {}

    /** A follower asks for records; answered by the step's {@link Answer}. */
    record Serve(FollowerFetch fetch) implements Command {}

    /** What became of an {@link Effect.Propose}. */
    record ProposalAnswered(Proposal proposal, ProposalOutcome outcome) implements Command {}

    /** What became of a fetch at {@code sent}. */
    record FetchAnswered(FetchPosition sent, FetchAnswer answer) implements Command {}

    /** The batches of the answer are in the log, as {@link Effect.Append} wanted. */
    record BatchesAppended(FetchAnswer.Batches answer) implements Command {}

    /** They are not. */
    record AppendFailed(ErrorCode error) implements Command {}

    /** Where the leader's log begins and ends, as {@link Effect.AskOffsets} wanted to know. */
    record OffsetsAnswered(int leaderEpoch, long startOffset, long endOffset) implements Command {}

    /** The leader did not say. */
    record OffsetsRefused(int leaderEpoch, ErrorCode error) implements Command {}

    /** What {@link Effect.Truncate} or {@link Effect.StartAnew} wanted is done, durably. */
    record Truncated() implements Command {}
}

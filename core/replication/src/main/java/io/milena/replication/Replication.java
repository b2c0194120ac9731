package io.milena.replication;

/**
 * The decisions of one broker's replica of one partition: a state, a command and the circumstances in, a {@link Step} out. Pure: equal arguments give equal steps.
 *
 * <p>The host holds one {@link ReplicaState} for each partition, in a volatile field that one lock guards against two writers. With the lock it calls {@link #handle}, stores the step's state and carries
 * out the step's effects in their order; then the next command may come. Readers take the state without the lock.
 */
public final class Replication {
    private Replication() {}

    public static Step handle(ReplicaState state, Command command, Circumstances now) {
        Turn turn = new Turn(now);
        return switch (command) {
            case Command.Assign(Assignment assignment) -> AssignHandler.handle(state, assignment, turn);
            case Command.LogMoved ignored -> logMoved(state, turn);
            case Command.Tick ignored -> tick(state, turn);
            case Command.LogFailed ignored -> logFailed(state, turn);
            case Command.Serve(FollowerFetch fetch) -> ServeHandler.handle(state, fetch, turn);
            case Command.ProposalAnswered answered ->
                state instanceof Leader leader
                        ? turn.to(IsrHandler.answered(leader, answered.proposal(), answered.outcome(), turn))
                        : turn.to(state);
            case Command.FetchAnswered ignored -> fetching(state, command, turn);
            case Command.BatchesAppended ignored -> fetching(state, command, turn);
            case Command.AppendFailed ignored -> fetching(state, command, turn);
            case Command.OffsetsAnswered ignored -> fetching(state, command, turn);
            case Command.OffsetsRefused ignored -> fetching(state, command, turn);
            case Command.Truncated ignored -> fetching(state, command, turn);
        };
    }

    private static Step fetching(ReplicaState state, Command command, Turn turn) {
        if (!(state instanceof Follower follower)) {
            return turn.to(state);
        }
        return switch (command) {
            case Command.FetchAnswered(FetchPosition sent, FetchAnswer answer) ->
                turn.to(FetchAnswerHandler.answered(follower, sent, answer, turn));
            case Command.BatchesAppended(FetchAnswer.Batches answer) ->
                turn.to(FetchAnswerHandler.appended(follower, answer.highWatermark(), answer.logStartOffset(), turn));
            case Command.AppendFailed(var error) -> turn.to(FetchAnswerHandler.backingOff(follower, error, turn));
            case Command.OffsetsAnswered answered -> turn.to(TruncationHandler.offsets(follower, answered, turn));
            case Command.OffsetsRefused refused -> turn.to(TruncationHandler.refused(follower, refused, turn));
            case Command.Truncated ignored -> AssignHandler.truncated(follower, turn);
            default -> throw new IllegalArgumentException("not a follower's: " + command);
        };
    }

    private static Step logMoved(ReplicaState state, Turn turn) {
        return switch (state) {
            case Leader leader -> turn.to(HighWatermark.advanced(leader, turn));
            case Follower follower -> {
                if (turn.log().forcedEndOffset() >= turn.log().endOffset()
                        && follower.phase() instanceof FollowerPhase.Fetching) {
                    turn.carryOut(new Effect.FetchAgain());
                }
                yield turn.to(follower);
            }
            case Detached ignored -> turn.to(state);
            case Offline ignored -> turn.to(state);
        };
    }

    private static Step tick(ReplicaState state, Turn turn) {
        return switch (state) {
            case Leader leader -> turn.to(IsrHandler.tick(leader, turn));
            case Follower follower -> {
                if (follower.phase() instanceof FollowerPhase.BackingOff) {
                    turn.carryOut(new Effect.FetchAgain());
                }
                yield turn.to(follower);
            }
            case Detached ignored -> turn.to(state);
            case Offline ignored -> turn.to(state);
        };
    }

    private static Step logFailed(ReplicaState state, Turn turn) {
        turn.wake();
        return turn.to(new Offline(state.localId(), state.leaderEpoch(), state.highWatermark()));
    }
}

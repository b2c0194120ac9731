package io.milena.broker.quorum;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.RemoveRaftVoterRequest;
import io.milena.protocol.message.RemoveRaftVoterResponse;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.NotLeadingException;
import io.milena.quorum.Quorum;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * RemoveRaftVoter: a node that was stopped is a voter no longer. One that runs would hear no more of the metadata, whatever else it is, and say nothing of it: it has to be stopped first, which is seen a moment later. Voters go by
 * their ids alone, so that the id of a directory is that of none.
 */
public record RemoveRaftVoterHandler(String clusterId, MetadataLog log, Clock clock)
        implements ApiHandler<RemoveRaftVoterRequest> {
    /** A leader hears from whoever runs several times a second. */
    private static final long SILENCE_MS = 2_000;

    private static final long PATIENCE_MS = 5_000;
    private static final long PAUSE_MS = 200;

    @Override
    public Answer handle(RemoveRaftVoterRequest request, RequestContext context) {
        String cluster = request.clusterId();
        if (cluster != null && !cluster.equals(clusterId)) {
            return Answer.now(answer(ErrorCode.INCONSISTENT_CLUSTER_ID, null));
        }
        return Answer.later(() -> removed(request));
    }

    private RemoveRaftVoterResponse removed(RemoveRaftVoterRequest request) {
        try {
            Quorum quorum = log.quorum();
            boolean isVoter =
                    quorum.voters().stream().anyMatch(voter -> voter.peer().id() == request.voterId());
            if (!isVoter || !request.voterDirectoryId().equals(Uuids.ZERO)) {
                return answer(
                        ErrorCode.VOTER_NOT_FOUND,
                        "Cannot remove voter " + request.voterId() + " with directory id "
                                + Uuids.text(request.voterDirectoryId())
                                + ": there is none. Voters have the directory id " + Uuids.text(Uuids.ZERO) + ".");
            }
            if (quorum.voters().size() == 1) {
                return answer(
                        ErrorCode.INVALID_REQUEST,
                        "Cannot remove voter " + request.voterId() + ": it is the only one.");
            }
            if (runs(request.voterId())) {
                return answer(
                        ErrorCode.INVALID_REQUEST,
                        "Cannot remove voter " + request.voterId() + ": it runs. Stop it first.");
            }
            log.remove(request.voterId());
            return answer(ErrorCode.NONE, null);
        } catch (NotLeadingException e) {
            return answer(ErrorCode.NOT_LEADER_OR_FOLLOWER, e.getMessage());
        } catch (IOException e) {
            return answer(ErrorCode.REQUEST_TIMED_OUT, e.getMessage());
        }
    }

    /** Whether it is still heard of after a while. */
    private boolean runs(int voterId) throws IOException {
        Deadline patience = Deadline.afterMs(clock, PATIENCE_MS);
        try {
            while (isHeard(voterId)) {
                if (patience.isPast()) {
                    return true;
                }
                clock.sleepMs(PAUSE_MS);
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a voter was waited for");
        }
    }

    private boolean isHeard(int voterId) throws IOException {
        long nowMs = clock.millis();
        return log.quorum().voters().stream()
                .anyMatch(voter -> voter.peer().id() == voterId && nowMs - voter.lastFetchMs() < SILENCE_MS);
    }

    private static RemoveRaftVoterResponse answer(ErrorCode error, @Nullable String message) {
        return RemoveRaftVoterResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }
}

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
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** RemoveRaftVoter: a node is a voter no longer; it may be dead. Voters go by their ids alone, so that the id of a directory is that of none. */
public record RemoveRaftVoterHandler(String clusterId, MetadataLog log) implements ApiHandler<RemoveRaftVoterRequest> {
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
            log.remove(request.voterId());
            return answer(ErrorCode.NONE, null);
        } catch (NotLeadingException e) {
            return answer(ErrorCode.NOT_LEADER_OR_FOLLOWER, e.getMessage());
        } catch (IOException e) {
            return answer(ErrorCode.REQUEST_TIMED_OUT, e.getMessage());
        }
    }

    private static RemoveRaftVoterResponse answer(ErrorCode error, @Nullable String message) {
        return RemoveRaftVoterResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }
}

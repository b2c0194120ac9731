package io.milena.broker.quorum;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AddRaftVoterRequest;
import io.milena.protocol.message.AddRaftVoterResponse;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.NotLeadingException;
import io.milena.quorum.Peer;
import io.milena.quorum.Quorum;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * AddRaftVoter: a node that runs becomes a voter; its address is where the other members reach it. It has to have caught up by then, and whether it is committed is always waited for.
 */
public record AddRaftVoterHandler(String clusterId, MetadataLog log) implements ApiHandler<AddRaftVoterRequest> {
    private static final int VOTERS_MAX = 5;

    @Override
    public Answer handle(AddRaftVoterRequest request, RequestContext context) {
        String cluster = request.clusterId();
        if (cluster != null && !cluster.equals(clusterId)) {
            return Answer.now(answer(ErrorCode.INCONSISTENT_CLUSTER_ID, null));
        }
        if (request.listeners().isEmpty()) {
            return Answer.now(
                    answer(ErrorCode.INVALID_REQUEST, "Add voter request didn't include the endpoint of the voter"));
        }
        return Answer.later(() -> added(request));
    }

    private AddRaftVoterResponse added(AddRaftVoterRequest request) {
        try {
            Quorum quorum = log.quorum();
            if (quorum.voters().stream().anyMatch(voter -> voter.peer().id() == request.voterId())) {
                return answer(
                        ErrorCode.DUPLICATE_VOTER,
                        "The voter id " + request.voterId() + " is already part of the set of voters.");
            }
            if (quorum.voters().size() >= VOTERS_MAX) {
                return answer(ErrorCode.INVALID_REQUEST, "A quorum has at most " + VOTERS_MAX + " voters.");
            }
            AddRaftVoterRequest.Listener listener = request.listeners().getFirst();
            log.addVoter(new Peer(request.voterId(), listener.host(), listener.port()));
            return answer(ErrorCode.NONE, null);
        } catch (NotLeadingException e) {
            return answer(ErrorCode.NOT_LEADER_OR_FOLLOWER, e.getMessage());
        } catch (IOException e) {
            return answer(ErrorCode.REQUEST_TIMED_OUT, e.getMessage());
        }
    }

    private static AddRaftVoterResponse answer(ErrorCode error, @Nullable String message) {
        return AddRaftVoterResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }
}

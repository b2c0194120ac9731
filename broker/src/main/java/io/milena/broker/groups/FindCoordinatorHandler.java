package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.BrokerIdentity;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.protocol.message.FindCoordinatorResponse.Coordinator;
import java.util.List;

/** FindCoordinator: this broker, for groups. There is no transaction or share coordinator yet. */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequest> {
    private static final byte GROUP = 0;
    private static final short FIRST_VERSION_WITH_KEY_LIST = 4;

    private final GroupCoordinator coordinator;
    private final BrokerIdentity identity;

    public FindCoordinatorHandler(GroupCoordinator coordinator, BrokerIdentity identity) {
        this.coordinator = coordinator;
        this.identity = identity;
    }

    @Override
    public Answer handle(FindCoordinatorRequest request, RequestContext context) {
        ErrorCode error = request.keyType() == GROUP ? coordinator.ensureReady() : ErrorCode.COORDINATOR_NOT_AVAILABLE;
        if (context.version() >= FIRST_VERSION_WITH_KEY_LIST) {
            List<Coordinator> found = request.coordinatorKeys().stream()
                    .map(key -> coordinator(key, error))
                    .toList();
            return Answer.now(
                    FindCoordinatorResponse.builder().coordinators(found).build());
        }
        Coordinator one = coordinator(request.key(), error);
        return Answer.now(FindCoordinatorResponse.builder()
                .errorCode(one.errorCode())
                .errorMessage(one.errorMessage())
                .nodeId(one.nodeId())
                .host(one.host())
                .port(one.port())
                .build());
    }

    private Coordinator coordinator(String key, ErrorCode error) {
        if (error != ErrorCode.NONE) {
            return refused(key, error, "there is a coordinator for groups only");
        }
        return coordinator.shardOf(key) == null
                ? refused(key, ErrorCode.COORDINATOR_NOT_AVAILABLE, "the log of this group is offline")
                : new Coordinator(key, identity.nodeId(), identity.host(), identity.port(), error.code(), null);
    }

    private static Coordinator refused(String key, ErrorCode error, String message) {
        return new Coordinator(key, -1, "", -1, error.code(), message);
    }
}

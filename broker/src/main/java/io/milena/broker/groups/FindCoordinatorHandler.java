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
import org.jspecify.annotations.Nullable;

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
        @Nullable String message = error == ErrorCode.NONE ? null : "there is a coordinator for groups only";
        if (context.version() >= FIRST_VERSION_WITH_KEY_LIST) {
            List<Coordinator> found = request.coordinatorKeys().stream()
                    .map(key -> coordinator(key, error, message))
                    .toList();
            return Answer.now(
                    FindCoordinatorResponse.builder().coordinators(found).build());
        }
        Coordinator one = coordinator(request.key(), error, message);
        return Answer.now(FindCoordinatorResponse.builder()
                .errorCode(one.errorCode())
                .errorMessage(one.errorMessage())
                .nodeId(one.nodeId())
                .host(one.host())
                .port(one.port())
                .build());
    }

    private Coordinator coordinator(String key, ErrorCode error, @Nullable String message) {
        return error == ErrorCode.NONE
                ? new Coordinator(key, identity.nodeId(), identity.host(), identity.port(), error.code(), null)
                : new Coordinator(key, -1, "", -1, error.code(), message);
    }
}

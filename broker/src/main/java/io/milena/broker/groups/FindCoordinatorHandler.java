package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.Members;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.protocol.message.FindCoordinatorResponse.Coordinator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** FindCoordinator: the broker that leads the partition of a group or of a transactional id. There is no share coordinator yet. */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequest> {
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final short FIRST_VERSION_WITH_KEY_LIST = 4;

    private final CoordinatorPlace groups;
    private final CoordinatorPlace transactions;
    private final Members members;

    public FindCoordinatorHandler(CoordinatorPlace groups, CoordinatorPlace transactions, Members members) {
        this.groups = groups;
        this.transactions = transactions;
        this.members = members;
    }

    @Override
    public Answer handle(FindCoordinatorRequest request, RequestContext context) {
        CoordinatorPlace place = switch (request.keyType()) {
            case GROUP -> groups;
            case TRANSACTION -> transactions;
            default -> null;
        };
        ErrorCode error = place == null ? ErrorCode.COORDINATOR_NOT_AVAILABLE : place.ensureReady();
        if (context.version() >= FIRST_VERSION_WITH_KEY_LIST) {
            List<Coordinator> found = request.coordinatorKeys().stream()
                    .map(key -> coordinator(key, place, error))
                    .toList();
            return Answer.now(
                    FindCoordinatorResponse.builder().coordinators(found).build());
        }
        Coordinator one = coordinator(request.key(), place, error);
        return Answer.now(FindCoordinatorResponse.builder()
                .errorCode(one.errorCode())
                .errorMessage(one.errorMessage())
                .nodeId(one.nodeId())
                .host(one.host())
                .port(one.port())
                .build());
    }

    private Coordinator coordinator(String key, @Nullable CoordinatorPlace place, ErrorCode error) {
        if (place == null || error != ErrorCode.NONE) {
            return refused(key, error, "there are coordinators for groups and for transactions only");
        }
        Members.Member member = members.find(place.nodeOf(key));
        return member == null
                ? refused(key, ErrorCode.COORDINATOR_NOT_AVAILABLE, "the log of its coordinator is offline")
                : new Coordinator(key, member.id(), member.host(), member.port(), error.code(), null);
    }

    private static Coordinator refused(String key, ErrorCode error, String message) {
        return new Coordinator(key, -1, "", -1, error.code(), message);
    }
}

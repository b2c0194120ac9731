package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.groups.Command;
import io.milena.protocol.message.HeartbeatRequest;

/** Heartbeat: a member is alive, and hears of a rebalance. */
public final class HeartbeatHandler implements ApiHandler<HeartbeatRequest> {
    private final GroupCoordinator coordinator;

    public HeartbeatHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(HeartbeatRequest request, RequestContext context) {
        return coordinator.submit(request.groupId(), context, asker -> new Command.Heartbeat(asker, request));
    }
}

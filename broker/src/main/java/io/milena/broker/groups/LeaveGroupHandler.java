package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.groups.Command;
import io.milena.protocol.message.LeaveGroupRequest;

/** LeaveGroup: members go. */
public final class LeaveGroupHandler implements ApiHandler<LeaveGroupRequest> {
    private final GroupCoordinator coordinator;

    public LeaveGroupHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(LeaveGroupRequest request, RequestContext context) {
        return coordinator.submit(request.groupId(), context, asker -> new Command.LeaveGroup(asker, request));
    }
}

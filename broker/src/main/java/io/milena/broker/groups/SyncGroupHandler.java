package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.groups.Command;
import io.milena.protocol.message.SyncGroupRequest;

/** SyncGroup: a member waits for its assignment, the leader brings those of all. */
public final class SyncGroupHandler implements ApiHandler<SyncGroupRequest> {
    private final GroupCoordinator coordinator;

    public SyncGroupHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(SyncGroupRequest request, RequestContext context) {
        return coordinator.submit(request.groupId(), context, asker -> new Command.SyncGroup(asker, request));
    }
}

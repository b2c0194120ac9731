package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.groups.Command;
import io.milena.protocol.message.OffsetDeleteRequest;

/** OffsetDelete: forgets committed offsets of topics that the group does not read now. */
public final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequest> {
    private final GroupCoordinator coordinator;

    public OffsetDeleteHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(OffsetDeleteRequest request, RequestContext context) {
        return coordinator.submit(request.groupId(), context, asker -> new Command.DeleteOffsets(asker, request));
    }
}

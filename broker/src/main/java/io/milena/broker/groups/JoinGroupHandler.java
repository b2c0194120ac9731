package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.groups.Command;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.JoinGroupRequest;
import java.util.random.RandomGenerator;

/** JoinGroup: a member waits until the round of joining is over. */
public final class JoinGroupHandler implements ApiHandler<JoinGroupRequest> {
    private final GroupCoordinator coordinator;
    private final RandomGenerator random;

    public JoinGroupHandler(GroupCoordinator coordinator, RandomGenerator random) {
        this.coordinator = coordinator;
        this.random = random;
    }

    @Override
    public Answer handle(JoinGroupRequest request, RequestContext context) {
        return coordinator.submit(
                request.groupId(), context, asker -> new Command.JoinGroup(asker, request, Uuids.random(random)));
    }
}

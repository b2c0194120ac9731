package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.groups.Command;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import java.util.random.RandomGenerator;

/** ConsumerGroupHeartbeat: a member of a consumer group joins, stays, gives up and gets partitions, or leaves. */
public final class ConsumerGroupHeartbeatHandler implements ApiHandler<ConsumerGroupHeartbeatRequest> {
    private final GroupCoordinator coordinator;
    private final RandomGenerator random;

    public ConsumerGroupHeartbeatHandler(GroupCoordinator coordinator, RandomGenerator random) {
        this.coordinator = coordinator;
        this.random = random;
    }

    @Override
    public Answer handle(ConsumerGroupHeartbeatRequest request, RequestContext context) {
        return coordinator.submit(
                request.groupId(),
                context,
                asker -> new Command.ConsumerHeartbeat(asker, request, Uuids.random(random)));
    }
}

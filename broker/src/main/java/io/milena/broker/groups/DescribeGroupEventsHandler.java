package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.message.DescribeGroupEventsRequest;
import io.milena.protocol.message.DescribeGroupEventsResponse;
import io.milena.protocol.message.DescribeGroupEventsResponse.GroupEvent;

/** DescribeGroupEvents, an API of Milena's own: what the coordinator of a group remembers of its rebalances. */
public final class DescribeGroupEventsHandler implements ApiHandler<DescribeGroupEventsRequest> {
    private final GroupCoordinator coordinator;

    public DescribeGroupEventsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(DescribeGroupEventsRequest request, RequestContext context) {
        ShardHost host = coordinator.shardOf(request.groupId());
        DescribeGroupEventsResponse.Builder response = DescribeGroupEventsResponse.builder();
        if (host == null) {
            return Answer.now(
                    response.errorCode(coordinator.absence(request.groupId()).code())
                            .build());
        }
        GroupTimelines.Remembered remembered = host.timeline(request.groupId());
        return Answer.now(response.isComplete(remembered.isComplete())
                .events(remembered.events().stream()
                        .map(DescribeGroupEventsHandler::describe)
                        .toList())
                .build());
    }

    private static GroupEvent describe(GroupTimelines.Timed timed) {
        return new GroupEvent(
                timed.timeMs(),
                timed.event().kind().text(),
                timed.event().generation(),
                timed.event().members(),
                timed.event().memberId(),
                timed.event().clientId(),
                timed.event().reason());
    }
}

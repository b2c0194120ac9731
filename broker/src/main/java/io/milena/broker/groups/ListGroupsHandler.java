package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import java.util.List;

/** ListGroups: the groups of all shards that pass the filters. */
public final class ListGroupsHandler implements ApiHandler<ListGroupsRequest> {
    private final GroupCoordinator coordinator;

    public ListGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(ListGroupsRequest request, RequestContext context) {
        ListGroupsResponse comeAgain = ListGroupsResponse.builder()
                .errorCode(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code())
                .build();
        if (coordinator.isLoading()) {
            return Answer.now(comeAgain);
        }
        List<ListedGroup> groups = coordinator.shards().stream()
                .flatMap(host -> host.read(shard -> shard.list(request)).stream())
                .toList();
        return coordinator.whenDurable(
                ListGroupsResponse.builder().groups(groups).build(), comeAgain);
    }
}

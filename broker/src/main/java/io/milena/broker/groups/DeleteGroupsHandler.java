package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.groups.Command;
import io.milena.protocol.message.DeleteGroupsRequest;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.DeleteGroupsResponse.DeletableGroupResult;
import java.util.ArrayList;
import java.util.List;

/** DeleteGroups: each group is deleted, or refused, by its shard. */
public final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequest> {
    private final GroupCoordinator coordinator;

    public DeleteGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(DeleteGroupsRequest request, RequestContext context) {
        List<PendingReply> replies = request.groupsNames().stream()
                .map(group -> coordinator.ask(group, context, asker -> new Command.DeleteGroup(asker, group)))
                .toList();
        return Answer.later(() -> {
            List<DeletableGroupResult> results = new ArrayList<>();
            for (PendingReply reply : replies) {
                results.addAll(((DeleteGroupsResponse) reply.await()).results());
            }
            return DeleteGroupsResponse.builder().results(results).build();
        });
    }
}

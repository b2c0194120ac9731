package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeGroupsRequest;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import java.util.ArrayList;
import java.util.List;

/** DescribeGroups: members, state and assignments of groups. */
public final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequest> {
    private final GroupCoordinator coordinator;

    public DescribeGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(DescribeGroupsRequest request, RequestContext context) {
        List<DescribedGroup> groups = new ArrayList<>();
        for (String group : request.groups()) {
            ShardHost host = coordinator.shardOf(group);
            groups.add(
                    host == null
                            ? refused(group, coordinator.absence(group))
                            : host.read(shard -> shard.describe(group, context.version())));
        }
        return coordinator.whenDurable(
                DescribeGroupsResponse.builder().groups(groups).build(),
                DescribeGroupsResponse.builder()
                        .groups(request.groups().stream()
                                .map(group -> refused(group, ErrorCode.NOT_COORDINATOR))
                                .toList())
                        .build());
    }

    private static DescribedGroup refused(String group, ErrorCode error) {
        return DescribedGroup.builder().groupId(group).errorCode(error.code()).build();
    }
}

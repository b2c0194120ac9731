package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeRequest;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import io.milena.protocol.message.ConsumerGroupDescribeResponse.DescribedGroup;
import java.util.ArrayList;
import java.util.List;

/** ConsumerGroupDescribe: members, epochs and assignments of consumer groups. */
public final class ConsumerGroupDescribeHandler implements ApiHandler<ConsumerGroupDescribeRequest> {
    private final GroupCoordinator coordinator;

    public ConsumerGroupDescribeHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(ConsumerGroupDescribeRequest request, RequestContext context) {
        List<DescribedGroup> groups = new ArrayList<>();
        for (String group : request.groupIds()) {
            ShardHost host = coordinator.shardOf(group);
            groups.add(
                    host == null
                            ? refused(group, coordinator.absence(group))
                            : host.read(shard -> shard.describeConsumerGroup(group)));
        }
        return coordinator.whenDurable(
                ConsumerGroupDescribeResponse.builder().groups(groups).build(),
                ConsumerGroupDescribeResponse.builder()
                        .groups(request.groupIds().stream()
                                .map(group -> refused(group, ErrorCode.NOT_COORDINATOR))
                                .toList())
                        .build());
    }

    private static DescribedGroup refused(String group, ErrorCode error) {
        return DescribedGroup.builder().groupId(group).errorCode(error.code()).build();
    }
}

package io.milena.broker.cluster;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;

/** DescribeCluster: the brokers that are alive. Clients ask brokers, not controllers, here. */
public final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequest> {
    private static final byte BROKERS = 1;

    private final String clusterId;
    private final Members members;

    public DescribeClusterHandler(String clusterId, Members members) {
        this.clusterId = clusterId;
        this.members = members;
    }

    @Override
    public Answer handle(DescribeClusterRequest request, RequestContext context) {
        if (request.endpointType() != BROKERS) {
            return Answer.now(DescribeClusterResponse.builder()
                    .errorCode(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code())
                    .errorMessage("this is a broker's address, not a controller's")
                    .build());
        }
        return Answer.now(DescribeClusterResponse.builder()
                .clusterId(clusterId)
                .controllerId(members.controllerId())
                .endpointType(BROKERS)
                .brokers(members.all().stream()
                        .map(member -> DescribeClusterBroker.builder()
                                .brokerId(member.id())
                                .host(member.host())
                                .port(member.port())
                                .rack(member.rack())
                                .build())
                        .toList())
                .build());
    }
}

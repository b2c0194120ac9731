package io.milena.broker.cluster;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import java.util.List;

/** DescribeCluster: this broker, which is also the controller. Clients ask brokers, not controllers, here. */
public final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequest> {
    private static final byte BROKERS = 1;

    private final BrokerIdentity identity;

    public DescribeClusterHandler(BrokerIdentity identity) {
        this.identity = identity;
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
                .clusterId(identity.clusterId())
                .controllerId(identity.nodeId())
                .endpointType(BROKERS)
                .brokers(List.of(DescribeClusterBroker.builder()
                        .brokerId(identity.nodeId())
                        .host(identity.host())
                        .port(identity.port())
                        .build()))
                .build());
    }
}

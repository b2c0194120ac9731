package io.milena.broker.cluster;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.Members.Member;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import java.util.stream.Stream;

/** DescribeCluster: the brokers that are alive, those that are not where these are asked for too, or the controllers. */
public final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequest> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final String clusterId;
    private final Members members;
    private final Ends ends;

    /** Whom clients reach at the listener of a node: a broker, or a controller that also answers what brokers do. */
    public enum Ends {
        BROKER,
        BOTH
    }

    public DescribeClusterHandler(String clusterId, Members members, Ends ends) {
        this.clusterId = clusterId;
        this.members = members;
        this.ends = ends;
    }

    @Override
    public Answer handle(DescribeClusterRequest request, RequestContext context) {
        return Answer.now(
                switch (request.endpointType()) {
                    case BROKERS -> brokers(request);
                    case CONTROLLERS -> ends == Ends.BROKER ? mismatched() : controllers();
                    default ->
                        DescribeClusterResponse.builder()
                                .errorCode(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE.code())
                                .errorMessage("Unsupported endpoint type " + request.endpointType())
                                .build();
                });
    }

    private static DescribeClusterResponse mismatched() {
        return DescribeClusterResponse.builder()
                .errorCode(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code())
                .errorMessage("The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type"
                        + " CONTROLLER")
                .build();
    }

    private DescribeClusterResponse brokers(DescribeClusterRequest request) {
        Stream<DescribeClusterBroker> alive = members.all().stream().map(member -> described(member, false));
        Stream<DescribeClusterBroker> fenced = request.includeFencedBrokers()
                ? members.fenced().stream().map(member -> described(member, true))
                : Stream.empty();
        return DescribeClusterResponse.builder()
                .clusterId(clusterId)
                .controllerId(members.controllerId())
                .endpointType(BROKERS)
                .brokers(Stream.concat(alive, fenced)
                        .sorted((one, other) -> Integer.compare(one.brokerId(), other.brokerId()))
                        .toList())
                .build();
    }

    private DescribeClusterResponse controllers() {
        return DescribeClusterResponse.builder()
                .clusterId(clusterId)
                .controllerId(members.activeController())
                .endpointType(CONTROLLERS)
                .brokers(members.controllers().stream()
                        .map(member -> described(member, false))
                        .toList())
                .build();
    }

    private static DescribeClusterBroker described(Member member, boolean isFenced) {
        return DescribeClusterBroker.builder()
                .brokerId(member.id())
                .host(member.host())
                .port(member.port())
                .rack(member.rack())
                .isFenced(isFenced)
                .build();
    }
}

package io.milena.broker.quorum;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.BrokerIdentity;
import io.milena.broker.cluster.ClusterFile;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FormQuorumRequest;
import io.milena.protocol.message.FormQuorumResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * FormQuorum, an API of Milena's own: a node that is alone becomes the first of a quorum, which others may join then. It writes down that it is, and starts anew: until that start has begun it is alone, whatever happens.
 *
 * @param data the directory of the metadata
 * @param isAlone whether the node has no quorum
 */
public record FormQuorumHandler(BrokerIdentity identity, Path data, boolean isAlone, Restart restart)
        implements ApiHandler<FormQuorumRequest> {
    private static final int PORT_MAX = 65_535;

    @Override
    public Answer handle(FormQuorumRequest request, RequestContext context) {
        return Answer.later(() -> formed(request));
    }

    private FormQuorumResponse formed(FormQuorumRequest request) {
        if (!request.clusterId().equals(identity.clusterId())) {
            return answer(
                    ErrorCode.INCONSISTENT_CLUSTER_ID,
                    "this node is of cluster " + identity.clusterId() + ", not of " + request.clusterId());
        }
        if (!isAlone) {
            return answer(ErrorCode.INVALID_REQUEST, "this node is a member of a quorum already");
        }
        if (!restart.isPossible()) {
            return answer(
                    ErrorCode.INVALID_REQUEST,
                    "this process cannot start its broker anew; start it with controller.quorum.voters="
                            + identity.nodeId() + "@HOST:PORT");
        }
        if (request.port() < 0 || request.port() > PORT_MAX) {
            return answer(ErrorCode.INVALID_REQUEST, request.port() + " is not a port");
        }
        String given = request.host();
        String host = given == null ? identity.host() : given;
        try {
            String voter = identity.nodeId() + "@" + host + ":" + freePort(request.port());
            ClusterFile.write(
                    data,
                    Map.of(
                            "controller.quorum.voters",
                            voter,
                            "milena.cluster.id",
                            identity.clusterId(),
                            "node.id",
                            Integer.toString(identity.nodeId())));
        } catch (IOException e) {
            return answer(ErrorCode.INVALID_REQUEST, "the node stays alone: " + e.getMessage());
        }
        restart.wish();
        return answer(ErrorCode.NONE, null);
    }

    /** The port, if nobody listens there, or one that nobody does. */
    private static int freePort(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IOException("port " + port + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static FormQuorumResponse answer(ErrorCode error, @Nullable String message) {
        return FormQuorumResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }
}

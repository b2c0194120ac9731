package io.milena.cli;

import io.milena.broker.cluster.ClusterFile;
import io.milena.cli.client.ClusterClient;
import io.milena.protocol.message.FormQuorumRequest;
import io.milena.protocol.message.FormQuorumResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prepares a new node of a cluster: asks the cluster who it is, has a node that is alone become the first of a quorum, and writes down in the new node's directory how it belongs to it. What is written takes effect when
 * the node is started; that start makes it a member.
 *
 * @param quorum where the others will reach it; null for this machine alone
 */
record NodeJoining(
        int id, Path data, String roles, @Nullable String quorum) {
    private static final int TRIES = 150;
    private static final int PAUSE_MS = 200;

    /** What is to be said about it. */
    List<String> run(Connecting to, @Nullable String firstQuorum) throws IOException {
        ClusterStatus status = status(to);
        check(status);
        boolean wasAlone = status.quorumAddresses().isEmpty();
        if (wasAlone) {
            formQuorum(to, status.clusterId(), firstQuorum);
            status = awaitQuorum(to);
        }
        ClusterFile.write(data, settings(status));
        String first = "Node " + status.leaderId() + " has become the first of a cluster";
        String next = "Node " + id + " may be started now: milena start --data " + data + " --port PORT";
        return wasAlone ? List.of(first, next) : List.of(next);
    }

    private static ClusterStatus status(Connecting to) throws IOException {
        try (ClusterClient client = to.connect()) {
            return ClusterStatus.of(client);
        }
    }

    private void check(ClusterStatus status) throws IOException {
        ClusterFile.checkMayBe(data, status.clusterId(), id);
        boolean isPrepared = ClusterFile.read(data).getOrDefault("node.id", "").equals(Integer.toString(id));
        if (!isPrepared && (status.broker(id) != null || status.isMember(id))) {
            throw new CommandFailure("there is a node " + id + " already; the new one needs a number of its own");
        }
    }

    private static void formQuorum(Connecting to, String clusterId, @Nullable String address) throws IOException {
        FormQuorumRequest request = FormQuorumRequest.builder()
                .clusterId(clusterId)
                .host(address == null ? null : host(address))
                .port(address == null ? 0 : port(address))
                .build();
        try (ClusterClient client = to.connect()) {
            FormQuorumResponse response = client.sendOwnToController(request, FormQuorumResponse.class);
            ClusterClient.check(response.errorCode(), "the first node", response.errorMessage());
        } catch (EOFException e) {
            // It starts anew; whether it has understood is seen then.
        }
    }

    private static ClusterStatus awaitQuorum(Connecting to) throws IOException {
        IOException failure = new IOException("it is still alone");
        for (int i = 0; i < TRIES; i++) {
            try {
                ClusterStatus status = status(to);
                if (!status.quorumAddresses().isEmpty()) {
                    return status;
                }
            } catch (IOException e) {
                failure = e;
            }
            pause();
        }
        throw new IOException(
                "the first node does not come back as one of a cluster: " + failure.getMessage(), failure);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }

    private Map<String, String> settings(ClusterStatus status) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("node.id", Integer.toString(id));
        settings.put("milena.cluster.id", status.clusterId());
        settings.put("process.roles", roles);
        settings.put("controller.quorum.voters", String.join(",", status.quorumAddresses()));
        settings.put("milena.quorum.listener", quorum == null ? "localhost:" + freePort() : checked(quorum));
        return settings;
    }

    private static String checked(String address) {
        return host(address) + ":" + port(address);
    }

    private static String host(String address) {
        int colon = address.lastIndexOf(':');
        if (colon <= 0) {
            throw new CommandFailure("'" + address + "' is not an address of the form host:port");
        }
        return address.substring(0, colon);
    }

    private static int port(String address) {
        try {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            throw new CommandFailure("'" + address + "' is not an address of the form host:port");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

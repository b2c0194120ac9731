package io.milena.broker;

import io.milena.broker.cluster.DescribeClusterHandler;
import io.milena.quorum.Peer;
import io.milena.quorum.QuorumSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a node belongs to a quorum, as its settings say. A node that is alone has no voters, and both roles.
 *
 * @param voters {@code controller.quorum.voters}
 * @param roles {@code process.roles}
 * @param listener {@code milena.quorum.listener}; null where that follows from the rest
 */
record QuorumPlace(
        int nodeId,
        List<Peer> voters,
        Set<Role> roles,
        @Nullable Peer listener) {
    private static final Pattern VOTER = Pattern.compile("(\\d{1,9})@(.+):(\\d{1,5})");
    private static final Pattern ADDRESS = Pattern.compile("(.+):(\\d{1,5})");
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final int PORT_MAX = 65_535;

    /** What a node does for its cluster. */
    enum Role {
        BROKER,
        CONTROLLER
    }

    /** @throws IllegalArgumentException naming the setting that is wrong */
    static QuorumPlace of(BrokerSettings settings) {
        String voters = settings.effective("controller.quorum.voters");
        String listener = settings.effective("milena.quorum.listener");
        String roles = settings.given().get("process.roles");
        QuorumPlace place = new QuorumPlace(
                settings.nodeId(),
                voters == null
                        ? List.of()
                        : Stream.of(voters.split(",")).map(QuorumPlace::voter).toList(),
                roles(roles == null ? "broker,controller" : roles),
                listener == null ? null : listener(settings.nodeId(), listener));
        place.check(roles);
        return place;
    }

    private void check(@Nullable String given) {
        if (!isOfCluster() && roles.size() < Role.values().length) {
            throw new IllegalArgumentException("Invalid value " + given
                    + " for configuration process.roles: a node with one role needs controller.quorum.voters");
        }
        if (isOfCluster() && given == null && !isFirstVoter()) {
            throw new IllegalArgumentException(
                    "node.id " + nodeId + " is not one of controller.quorum.voters, so process.roles must be set");
        }
        if (isOfCluster() && !isController() && isFirstVoter()) {
            throw new IllegalArgumentException("Invalid value " + given + " for configuration process.roles: node.id "
                    + nodeId + " is one of controller.quorum.voters, and so a controller");
        }
    }

    private static Set<Role> roles(String text) {
        Set<Role> roles = new TreeSet<>();
        for (String role : text.split(",")) {
            switch (role.strip()) {
                case "broker" -> roles.add(Role.BROKER);
                case "controller" -> roles.add(Role.CONTROLLER);
                default ->
                    throw new IllegalArgumentException("Invalid value " + text
                            + " for configuration process.roles: it must be broker, controller or both");
            }
        }
        return roles;
    }

    private static Peer voter(String text) {
        Matcher voter = VOTER.matcher(text.strip());
        if (!voter.matches() || Integer.parseInt(voter.group(3)) > PORT_MAX) {
            throw new IllegalArgumentException("Invalid value " + text
                    + " for configuration controller.quorum.voters: it must be id@host:port, separated by commas");
        }
        return new Peer(
                Integer.parseInt(voter.group(1)), unbracketed(voter.group(2)), Integer.parseInt(voter.group(3)));
    }

    private static Peer listener(int nodeId, String text) {
        Matcher address = ADDRESS.matcher(text.strip());
        if (!address.matches() || Integer.parseInt(address.group(2)) > PORT_MAX) {
            throw new IllegalArgumentException(
                    "Invalid value " + text + " for configuration milena.quorum.listener: it must be host:port");
        }
        return new Peer(nodeId, unbracketed(address.group(1)), Integer.parseInt(address.group(2)));
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Whether there is a quorum at all. */
    boolean isOfCluster() {
        return !voters.isEmpty();
    }

    boolean isBroker() {
        return roles.contains(Role.BROKER);
    }

    boolean isController() {
        return roles.contains(Role.CONTROLLER);
    }

    /** What clients reach at this node's listener. */
    DescribeClusterHandler.Ends ends() {
        return isOfCluster() && isController() ? DescribeClusterHandler.Ends.BOTH : DescribeClusterHandler.Ends.BROKER;
    }

    private boolean isFirstVoter() {
        return voters.stream().anyMatch(voter -> voter.id() == nodeId);
    }

    /**
     * What its member of the quorum is told.
     *
     * @param host that others know this node by
     * @throws IOException if there is no port
     */
    QuorumSettings settings(String clusterId, String host) throws IOException {
        Peer self = self(host);
        return new QuorumSettings(
                clusterId,
                self,
                listener == null ? self.host() : listener.host(),
                voters,
                QuorumSettings.Timeouts.DEFAULT,
                QuorumSettings.Limits.DEFAULT);
    }

    /** Where the others reach this node: as the voters have it, or else at its listener. */
    private Peer self(String host) throws IOException {
        for (Peer voter : voters) {
            if (voter.id() == nodeId) {
                return voter;
            }
        }
        if (listener == null) {
            return new Peer(nodeId, host, freePort());
        }
        return listener.host().equals(ANY_ADDRESS) ? new Peer(nodeId, host, listener.port()) : listener;
    }

    /** One that nobody uses now; the quorum's own network cannot choose one. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

package io.milena.broker.cluster;

import java.net.InetSocketAddress;

/** Who this broker is, as clients are told. */
public record BrokerIdentity(String clusterId, int nodeId, InetSocketAddress advertised) {
    public String host() {
        return advertised.getHostString();
    }

    public int port() {
        return advertised.getPort();
    }
}

package io.milena.broker.cluster;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who this broker is, as clients are told. */
public record BrokerIdentity(String clusterId, int nodeId, InetSocketAddress advertised) implements Members {
    public String host() {
        return advertised.getHostString();
    }

    public int port() {
        return advertised.getPort();
    }

    /** Of a broker that is alone. */
    @Override
    public List<Member> all() {
        return List.of(new Member(nodeId, host(), port(), null));
    }

    @Override
    public @Nullable Member find(int id) {
        return id == nodeId ? all().getFirst() : null;
    }

    @Override
    public List<Member> controllers() {
        return all();
    }

    @Override
    public int controllerId() {
        return nodeId;
    }
}

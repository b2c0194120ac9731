package io.milena.broker.cluster;

import io.milena.broker.peers.ControllerLink;
import io.milena.broker.replicas.ClusterView;
import io.milena.protocol.ApiMessage;
import io.milena.replication.Brokers;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The cluster of a broker that is alone: its replicas have nobody to follow and nobody to ask. */
public record SingleBroker(int localId) implements ClusterView, ControllerLink {
    private static final long EPOCH = 0;

    @Override
    public long brokerEpoch() {
        return EPOCH;
    }

    @Override
    public Brokers brokers() {
        return id -> id == localId ? new Brokers.Broker(id, EPOCH, Brokers.Standing.ACTIVE, null) : null;
    }

    @Override
    public @Nullable InetSocketAddress address(int brokerId) {
        return null;
    }

    @Override
    public <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> response) throws IOException {
        throw new IOException("a broker that is alone has no controller to ask for " + request.apiKey());
    }
}

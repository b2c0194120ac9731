package io.milena.broker.replicas;

import io.milena.replication.Brokers;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What replicas must know of the cluster; what it answers may be others the next time. */
public interface ClusterView {
    int localId();

    /** Of this broker's registration, or -1. */
    long brokerEpoch();

    Brokers brokers();

    /** Where a broker listens; null where that is not known. */
    @Nullable
    InetSocketAddress address(int brokerId);
}

package io.milena.broker.replicas;

import io.milena.metadata.Throttles;
import io.milena.metadata.Throttles.Side;
import io.milena.replication.Brokers;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What replicas must know of the cluster; what it answers may be others the next time. */
public interface ClusterView {
    int localId();

    /** Of this broker's registration, or -1. */
    long brokerEpoch();

    Brokers brokers();

    /** How many bytes a second may be copied, on one side of this broker, of the replicas that are held back. */
    default long copyRate(Side side) {
        return Throttles.UNLIMITED;
    }

    /** Whether this broker's replica is held back. */
    default boolean isThrottled(Side side, String topic, int partition) {
        return false;
    }

    /** Where a broker listens; null where that is not known. */
    @Nullable
    InetSocketAddress address(int brokerId);
}

package io.milena.simulator.cluster;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataResponse;
import io.milena.runtime.Network;
import io.milena.simulator.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What one client program knows of the cluster, and its connections to it. For one thread, but for {@link #endOverdue}. */
final class Contact {
    private final Network network;
    private final List<Integer> brokers;
    private final RandomGenerator random;
    private final Map<Integer, WireClient> connections = new TreeMap<>();
    /** The latest leader epoch of each partition that this client has heard of: older news are no news. */
    private final Map<String, Integer> epochs = new TreeMap<>();

    private volatile @Nullable WireClient waiting;
    private volatile long waitingSinceNanos;

    /** Of a partition. */
    record Leader(int broker, int epoch) {}

    Contact(Network network, List<Integer> brokers, RandomGenerator random) {
        this.network = network;
        this.brokers = brokers;
        this.random = random;
    }

    int anyBroker() {
        return brokers.get(random.nextInt(brokers.size()));
    }

    /** A connection to a broker: the one there is, or a new one. */
    WireClient to(int broker) throws IOException {
        WireClient known = connections.get(broker);
        if (known != null) {
            return known;
        }
        WireClient fresh = WireClient.connect(network, Machine.address(broker));
        connections.put(broker, fresh);
        return fresh;
    }

    /** Waits for the answer to the oldest request on this connection that has none. */
    <R extends ApiMessage> R receive(WireClient connection, long nowNanos, Class<R> type) throws IOException {
        waitingSinceNanos = nowNanos;
        waiting = connection;
        try {
            return connection.receive(type);
        } finally {
            waiting = null;
        }
    }

    <R extends ApiMessage> R ask(int broker, long nowNanos, ApiMessage request, int version, Class<R> type)
            throws IOException {
        WireClient connection = to(broker);
        connection.send(request, version);
        return receive(connection, nowNanos, type);
    }

    /** Ends a connection on which an answer has not come for so long. Called by another thread. */
    void endOverdue(long nowNanos, long patienceMs) throws IOException {
        WireClient overdue = waiting;
        if (overdue != null && nowNanos - waitingSinceNanos > patienceMs * 1_000_000) {
            overdue.close();
        }
    }

    void disconnect() {
        for (WireClient connection : new ArrayList<>(connections.values())) {
            try {
                connection.close();
            } catch (IOException e) {
                // It is gone all the same.
            }
        }
        connections.clear();
    }

    /** The partition has been led in this epoch. */
    void heardOf(String topic, int partition, int leaderEpoch) {
        epochs.merge(topic + "-" + partition, leaderEpoch, Math::max);
    }

    /** Who leads a partition, as any broker says; null if nobody is known to, or the news are older than what is known. */
    @Nullable
    Leader leader(String topic, int partition, long nowNanos) throws IOException {
        MetadataRequest request = MetadataRequest.builder()
                .topics(List.of(MetadataRequest.MetadataRequestTopic.builder()
                        .name(topic)
                        .build()))
                .allowAutoTopicCreation(false)
                .build();
        MetadataResponse answer = ask(anyBroker(), nowNanos, request, 12, MetadataResponse.class);
        for (MetadataResponse.MetadataResponseTopic each : answer.topics()) {
            for (MetadataResponse.MetadataResponsePartition found : each.partitions()) {
                boolean isUsable = found.errorCode() == ErrorCode.NONE.code() && found.leaderId() >= 0;
                if (found.partitionIndex() == partition
                        && isUsable
                        && found.leaderEpoch() >= epochs.getOrDefault(topic + "-" + partition, -1)) {
                    heardOf(topic, partition, found.leaderEpoch());
                    return new Leader(found.leaderId(), found.leaderEpoch());
                }
            }
        }
        return null;
    }
}

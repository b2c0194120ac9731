package io.milena.cli.client;

import io.milena.cli.CommandFailure;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A cluster, reached through one of its brokers. */
public final class ClusterClient implements AutoCloseable {
    private static final int TRIES = 50;
    private static final int PAUSE_MS = 200;
    private static final byte TRANSACTION = 1;
    private static final byte BROKER = 4;
    private static final String OWN_SETTING = "milena.trash.retention.ms";
    /** The newest versions in which topics go by name. */
    private static final int ANY_VERSION = Short.MAX_VALUE;

    private final BrokerConnection bootstrap;
    private final ConnectionSecurity security;
    private final Map<String, BrokerConnection> connections = new HashMap<>();

    private ClusterClient(BrokerConnection bootstrap, ConnectionSecurity security) {
        this.bootstrap = bootstrap;
        this.security = security;
    }

    /** Through the first of these brokers that can be reached. */
    public static ClusterClient connect(ClusterAddress address) throws IOException {
        return connect(address, ConnectionSecurity.PLAINTEXT);
    }

    /** As {@link #connect(ClusterAddress)}, with what is spoken there. */
    public static ClusterClient connect(ClusterAddress address, ConnectionSecurity security) throws IOException {
        IOException failure = new IOException("no address of a broker is given");
        for (InetSocketAddress broker : address.brokers()) {
            try {
                return new ClusterClient(
                        BrokerConnection.open(broker.getHostString(), broker.getPort(), security), security);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    /** Sends to any broker. */
    public <R extends ApiMessage> R send(ApiMessage request, Class<R> response) throws IOException {
        return bootstrap.send(request, ANY_VERSION, response);
    }

    /** Whether the brokers know this API. */
    public boolean serves(ApiKey api) {
        return bootstrap.serves(api);
    }

    /** Whether they know what only Milena's do: Apache Kafka would end the connection of who asks for that. */
    public boolean isMilena() throws IOException {
        DescribeConfigsRequest request = DescribeConfigsRequest.builder()
                .resources(List.of(
                        new DescribeConfigsResource(BROKER, Integer.toString(controllerId()), List.of(OWN_SETTING))))
                .build();
        return sendToController(request, DescribeConfigsResponse.class).results().stream()
                .flatMap(result -> result.configs().stream())
                .anyMatch(config -> config.name().equals(OWN_SETTING));
    }

    /** @param topics null for all */
    public MetadataResponse metadata(@Nullable List<String> topics) throws IOException {
        MetadataRequest request = MetadataRequest.builder()
                .topics(
                        topics == null
                                ? null
                                : topics.stream()
                                        .map(name -> MetadataRequestTopic.builder()
                                                .name(name)
                                                .build())
                                        .toList())
                .allowAutoTopicCreation(false)
                .build();
        return bootstrap.send(request, ANY_VERSION, MetadataResponse.class);
    }

    /** The controller, for changes of topics. */
    public <R extends ApiMessage> R sendToController(ApiMessage request, Class<R> response) throws IOException {
        MetadataResponse metadata = metadata(List.of());
        return to(metadata, metadata.controllerId()).send(request, ANY_VERSION, response);
    }

    public int controllerId() throws IOException {
        return metadata(List.of()).controllerId();
    }

    /** The controller, for what only Milena's brokers know; the caller must know that it is one. */
    public <R extends ApiMessage> R sendOwnToController(ApiMessage request, Class<R> response) throws IOException {
        MetadataResponse metadata = metadata(List.of());
        return to(metadata, metadata.controllerId()).sendOwn(request, response);
    }

    /** One topic; when it is missing, it is asked for until the broker has created it. */
    public MetadataResponseTopic createOrFind(String name) throws IOException {
        MetadataRequest request = MetadataRequest.builder()
                .topics(List.of(MetadataRequestTopic.builder().name(name).build()))
                .allowAutoTopicCreation(true)
                .build();
        for (int i = 0; i < TRIES; i++) {
            short error = bootstrap
                    .send(request, ANY_VERSION, MetadataResponse.class)
                    .topics()
                    .getFirst()
                    .errorCode();
            if (error == ErrorCode.NONE.code() || !ErrorCode.of(error).isRetriable()) {
                break;
            }
            pause();
        }
        return topic(name);
    }

    /** One topic with its partitions in order. */
    public MetadataResponseTopic topic(String name) throws IOException {
        MetadataResponseTopic topic = metadata(List.of(name)).topics().getFirst();
        check(topic.errorCode(), "topic " + name);
        return topic.toBuilder()
                .partitions(topic.partitions().stream()
                        .sorted((a, b) -> Integer.compare(a.partitionIndex(), b.partitionIndex()))
                        .toList())
                .build();
    }

    /** Sends to the leader of a partition; {@code versionMax} where newer versions go by topic id. */
    public <R extends ApiMessage> R sendToLeader(
            MetadataResponsePartition partition, ApiMessage request, int versionMax, Class<R> response)
            throws IOException {
        return to(metadata(List.of()), partition.leaderId()).send(request, versionMax, response);
    }

    /** Whether who was asked does not lead the partition any more: nothing was done. */
    public static boolean isOfAnotherLeader(short errorCode) {
        return errorCode == ErrorCode.NOT_LEADER_OR_FOLLOWER.code()
                || errorCode == ErrorCode.FENCED_LEADER_EPOCH.code();
    }

    /** The partition as it is a moment later, when another broker may lead it. */
    public MetadataResponsePartition nextLeader(String topic, MetadataResponsePartition partition) throws IOException {
        pause();
        return topic(topic).partitions().get(partition.partitionIndex());
    }

    /** Sends to the coordinator of a group, which may take a moment to appear. */
    public <R extends ApiMessage> R sendToCoordinator(
            String group, ApiMessage request, int versionMax, Class<R> response) throws IOException {
        FindCoordinatorRequest find =
                FindCoordinatorRequest.builder().key(group).build();
        return sendToCoordinator(find, "group " + group, request, versionMax, response);
    }

    /** As {@link #sendToCoordinator}, of a transactional id. */
    public <R extends ApiMessage> R sendToTransactionCoordinator(
            String transactionalId, ApiMessage request, Class<R> response) throws IOException {
        FindCoordinatorRequest find = FindCoordinatorRequest.builder()
                .key(transactionalId)
                .keyType(TRANSACTION)
                .build();
        return sendToCoordinator(find, "transactional id " + transactionalId, request, ANY_VERSION, response);
    }

    /** As {@link #sendToCoordinator}, for what only Milena's brokers know; the caller must know that it is one. */
    public <R extends ApiMessage> R sendOwnToCoordinator(String group, ApiMessage request, Class<R> response)
            throws IOException {
        return coordinator(FindCoordinatorRequest.builder().key(group).build(), "group " + group)
                .sendOwn(request, response);
    }

    private <R extends ApiMessage> R sendToCoordinator(
            FindCoordinatorRequest find, String what, ApiMessage request, int versionMax, Class<R> response)
            throws IOException {
        return coordinator(find, what).send(request, versionMax, response);
    }

    private BrokerConnection coordinator(FindCoordinatorRequest find, String what) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            FindCoordinatorResponse found = bootstrap.send(find, 3, FindCoordinatorResponse.class);
            if (found.errorCode() == ErrorCode.NONE.code()) {
                return connection(found.host(), found.port());
            }
            if (!ErrorCode.of(found.errorCode()).isRetriable()) {
                check(found.errorCode(), what);
            }
            pause();
        }
        throw new CommandFailure(what + ": no coordinator yet; try again");
    }

    /** Every broker in turn, for what only each knows itself. */
    public List<MetadataResponseBroker> brokers() throws IOException {
        return metadata(List.of()).brokers();
    }

    public <R extends ApiMessage> R sendTo(MetadataResponseBroker broker, ApiMessage request, Class<R> response)
            throws IOException {
        return connection(broker.host(), broker.port()).send(request, ANY_VERSION, response);
    }

    /** As {@link #sendTo}, for what only Milena's brokers know; the caller must know that it is one. */
    public <R extends ApiMessage> R sendOwnTo(MetadataResponseBroker broker, ApiMessage request, Class<R> response)
            throws IOException {
        return connection(broker.host(), broker.port()).sendOwn(request, response);
    }

    /**
     * One broker, for what only Milena's brokers know, on a connection of its own.
     *
     * @throws java.io.EOFException if it is none
     */
    public <R extends ApiMessage> R askOwn(MetadataResponseBroker broker, ApiMessage request, Class<R> response)
            throws IOException {
        try (BrokerConnection own = BrokerConnection.open(broker.host(), broker.port(), security)) {
            return own.sendOwn(request, response);
        }
    }

    private BrokerConnection to(MetadataResponse metadata, int nodeId) throws IOException {
        for (MetadataResponseBroker broker : metadata.brokers()) {
            if (broker.nodeId() == nodeId) {
                return connection(broker.host(), broker.port());
            }
        }
        throw new CommandFailure("broker " + nodeId + " is not available");
    }

    private BrokerConnection connection(String host, int port) throws IOException {
        String key = host + ":" + port;
        BrokerConnection connection = connections.get(key);
        if (connection == null) {
            connection = BrokerConnection.open(host, port, security);
            connections.put(key, connection);
        }
        return connection;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }

    /** @throws CommandFailure if the code is that of an error */
    public static void check(short errorCode, String what) {
        check(errorCode, what, null);
    }

    /** @param message the broker's own words, if it had any */
    public static void check(short errorCode, String what, @Nullable String message) {
        if (errorCode != ErrorCode.NONE.code()) {
            ErrorCode error = ErrorCode.of(errorCode);
            throw new CommandFailure(what + ": " + (message == null ? error.message() : message) + " (" + error + ")");
        }
    }

    @Override
    public void close() throws IOException {
        bootstrap.close();
        for (BrokerConnection connection : connections.values()) {
            connection.close();
        }
    }
}

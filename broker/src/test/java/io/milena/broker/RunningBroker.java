package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.milena.protocol.message.DeleteTopicsRequest;
import io.milena.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.milena.protocol.message.DeleteTopicsResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** A broker on a free port of this machine, its data where the test says, and a connection to it. For one thread. */
final class RunningBroker implements AutoCloseable {
    private final Broker broker;
    private final RawClient connection;

    private RunningBroker(Broker broker) throws IOException {
        this.broker = broker;
        this.connection = connect();
    }

    static RunningBroker of(Broker broker) throws IOException {
        return new RunningBroker(broker);
    }

    static RunningBroker start(Path data) throws IOException {
        return start(data, Map.of());
    }

    static RunningBroker start(Path data, Map<String, String> settings) throws IOException {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("log.dirs", data.toString());
        return start(all);
    }

    /** With data directories that the settings name. */
    static RunningBroker start(Map<String, String> settings) throws IOException {
        Map<String, String> all = new TreeMap<>(settings);
        all.putIfAbsent("listeners", "PLAINTEXT://localhost:0");
        all.putIfAbsent("offsets.topic.num.partitions", "1");
        all.putIfAbsent("transaction.state.log.num.partitions", "1");
        return new RunningBroker(Broker.start(BrokerSettings.of(all)));
    }

    Broker broker() {
        return broker;
    }

    int port() {
        return broker.address().getPort();
    }

    /** A connection of its own beside the one that the broker is asked over. */
    RawClient connect() throws IOException {
        return new RawClient(broker.address());
    }

    void send(ApiMessage request, int version) throws IOException {
        connection.send(request, version);
    }

    <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> response) throws IOException {
        return connection.ask(request, version, response);
    }

    /** @param settings each as {@code name=value} */
    UUID create(String topic, int partitions, String... settings) throws IOException {
        CreatableTopic wanted = CreatableTopic.builder()
                .name(topic)
                .numPartitions(partitions)
                .replicationFactor((short) 1)
                .configs(Stream.of(settings).map(RunningBroker::setting).toList())
                .build();
        CreatableTopicResult created = ask(
                        new CreateTopicsRequest(List.of(wanted), 10_000, false), 7, CreateTopicsResponse.class)
                .topics()
                .getFirst();
        assertEquals(0, created.errorCode(), () -> topic + ": " + created.errorMessage());
        return created.topicId();
    }

    void delete(String topic) throws IOException {
        DeleteTopicsRequest request = DeleteTopicsRequest.builder()
                .topics(List.of(new DeleteTopicState(topic, Uuids.ZERO)))
                .build();
        assertEquals(
                0,
                ask(request, 6, DeleteTopicsResponse.class)
                        .responses()
                        .getFirst()
                        .errorCode());
    }

    private static CreatableTopicConfig setting(String nameAndValue) {
        int at = nameAndValue.indexOf('=');
        return new CreatableTopicConfig(nameAndValue.substring(0, at), nameAndValue.substring(at + 1));
    }

    @Override
    public void close() throws IOException {
        connection.close();
        broker.close();
    }
}

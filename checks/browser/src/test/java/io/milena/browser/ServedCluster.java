package io.milena.browser;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.broker.Surroundings;
import io.milena.broker.cluster.DataPaths;
import io.milena.console.Console;
import io.milena.network.SocketNetwork;
import io.milena.quorum.InMemoryQuorum;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Three brokers that agree in memory, each with its console. */
final class ServedCluster implements AutoCloseable {
    private static final int BROKERS = 3;

    private final List<Node> nodes;
    private final Map<String, Object> clients;

    private record Node(Broker broker, Console console) {
        String address() {
            return broker.address().getHostString() + ":" + broker.address().getPort();
        }

        void stop() {
            broker.close();
            console.close();
        }
    }

    private ServedCluster(List<Node> nodes) {
        this.nodes = nodes;
        this.clients =
                Map.of("bootstrap.servers", nodes.stream().map(Node::address).collect(Collectors.joining(",")));
    }

    static ServedCluster start(Path data) {
        Set<Integer> ids = IntStream.rangeClosed(1, BROKERS).boxed().collect(Collectors.toCollection(TreeSet::new));
        InMemoryQuorum quorum = new InMemoryQuorum(ids);
        String voters = ids.stream().map(id -> id + "@localhost:0").collect(Collectors.joining(","));
        List<FutureTask<Node>> starting = new ArrayList<>();
        for (int id : ids) {
            FutureTask<Node> node = new FutureTask<>(() -> start(id, voters, data, quorum));
            Thread.ofPlatform().start(node); // none is of use before most are there
            starting.add(node);
        }
        return new ServedCluster(starting.stream().map(Served::done).toList());
    }

    private static Node start(int id, String voters, Path data, InMemoryQuorum quorum) throws IOException {
        BrokerSettings settings = BrokerSettings.of(Map.of(
                "node.id", Integer.toString(id),
                "milena.cluster.id", "Y29uc29sZXMtb2YtYWxsIQ",
                "controller.quorum.voters", voters,
                "listeners", "PLAINTEXT://localhost:0",
                "milena.console.listener", "http://localhost:0"));
        Surroundings around = new Surroundings(
                DataPaths.of(data.resolve("broker-" + id)),
                new SocketNetwork(),
                Environment.system(),
                (folder, voter, environment, listener) -> quorum.open(voter.self(), environment, listener),
                partitions -> {});
        Console console = Console.start(settings).orElseThrow();
        return new Node(Broker.start(settings, around), console);
    }

    /** The consoles show the brokers, and begin to measure. */
    void show() {
        nodes.forEach(node -> node.console.show(node.broker));
    }

    /** The console of the first broker. */
    String url() {
        return nodes.getFirst().console.url();
    }

    /** With a replica on each broker. */
    void create(String topic, int partitions) {
        try (Admin admin = Admin.create(clients)) {
            Served.done(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) BROKERS)))
                    .all());
        }
    }

    /** So many records with keys, all in one partition. */
    void write(String topic, int partition, int records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                var _ = producer.send(new ProducerRecord<>(topic, partition, Served.bytes("key " + i), new byte[100]));
            }
        }
    }

    void stopTheLast() {
        nodes.getLast().stop();
    }

    @Override
    public void close() {
        nodes.forEach(Node::stop);
    }
}

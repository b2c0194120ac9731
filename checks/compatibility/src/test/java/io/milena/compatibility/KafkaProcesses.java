package io.milena.compatibility;

import io.milena.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.common.Uuid;

/** Three nodes of Apache Kafka, each broker and controller, as processes that end with this JVM. */
final class KafkaProcesses implements ThreeBrokers, BrokerProcesses {
    private static final String CLUSTER_ID = "bWlsZW5hLWFuZC1rYWZrYQ";
    private static final int BROKERS = 3;
    /** One may join them. */
    private static final int NODES_MAX = 4;

    /** Three of them start slowly on a machine that has other work. */
    private static final int PATIENCE_S = 120;

    private final Path folder;
    private final List<Integer> ports;
    /** The ids of the directories, by which voters are known. */
    private final List<Uuid> directories =
            IntStream.range(0, BROKERS).mapToObj(i -> Uuid.randomUuid()).toList();

    private final Map<Integer, Process> running = new TreeMap<>();

    private KafkaProcesses(Path folder, List<Integer> ports) {
        this.folder = folder;
        this.ports = ports;
    }

    static KafkaProcesses start(Path folder) throws Exception {
        KafkaProcesses cluster = new KafkaProcesses(folder, FreePorts.take(2 * NODES_MAX));
        for (int id = 1; id <= BROKERS; id++) {
            cluster.format(
                    id,
                    "--initial-controllers",
                    cluster.eachController(each -> each + "@127.0.0.1:" + cluster.ports.get(NODES_MAX + each - 1) + ":"
                            + cluster.directories.get(each - 1)));
            cluster.start(id);
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            for (int i = 0; i < PATIENCE_S; i++) {
                if (areAllThere(admin)) {
                    return cluster;
                }
                LockSupport.parkNanos(1_000_000_000);
            }
        }
        String first = Files.readString(cluster.log(1));
        cluster.close();
        throw new AssertionError("Apache Kafka does not start: " + first);
    }

    private static boolean areAllThere(Admin admin) {
        try {
            return admin.describeCluster().nodes().get().size() == BROKERS;
        } catch (ExecutionException | InterruptedException notYet) {
            return false;
        }
    }

    private Path properties(int id) {
        return folder.resolve("node-" + id + ".properties");
    }

    private Path log(int id) {
        return folder.resolve("node-" + id + ".log");
    }

    private void format(int id, String... controllers) throws IOException {
        String bootstrap = eachController(each -> "127.0.0.1:" + ports.get(NODES_MAX + each - 1));
        Files.writeString(properties(id), """
                process.roles=broker,controller
                node.id=%d
                listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                controller.listener.names=CONTROLLER
                controller.quorum.bootstrap.servers=%s
                log.dirs=%s
                offsets.topic.num.partitions=1
                group.initial.rebalance.delay.ms=0
                group.consumer.min.heartbeat.interval.ms=200
                group.consumer.heartbeat.interval.ms=200
                group.consumer.min.session.timeout.ms=6000
                group.consumer.session.timeout.ms=30000
                """.formatted(
                        id,
                        ports.get(id - 1),
                        ports.get(NODES_MAX + id - 1),
                        bootstrap,
                        data(id).stream().map(Path::toString).collect(Collectors.joining(","))));
        List<String> command = new ArrayList<>(
                List.of("format", "-t", CLUSTER_ID, "-c", properties(id).toString()));
        command.addAll(List.of(controllers));
        ExternalProgram.run(ExternalProgram.java("milena.tools.classpath", "kafka.tools.StorageTool", command))
                .expectSuccess();
    }

    private String eachController(IntFunction<String> text) {
        return IntStream.rangeClosed(1, BROKERS).mapToObj(text).collect(Collectors.joining(","));
    }

    @Override
    public String bootstrapServers() {
        return ports.subList(0, BROKERS).stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(","));
    }

    @Override
    public String addresses() {
        return bootstrapServers();
    }

    @Override
    public List<Path> data(int broker) {
        Path all = folder.resolve("node-" + broker);
        return List.of(all.resolve("a"), all.resolve("b"));
    }

    @Override
    public void start(int broker) throws IOException {
        running.put(
                broker,
                new ProcessBuilder(ExternalProgram.java(
                                "milena.tools.classpath",
                                "kafka.Kafka",
                                List.of(properties(broker).toString())))
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(log(broker).toFile()))
                        .start());
    }

    @Override
    public RaftVoterEndpoint join() throws IOException {
        format(NODES_MAX, "--no-initial-controllers");
        start(NODES_MAX);
        return new RaftVoterEndpoint("CONTROLLER", "127.0.0.1", ports.get(2 * NODES_MAX - 1));
    }

    @Override
    public void kill(int broker) throws InterruptedException {
        running.get(broker).destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        running.values().forEach(Process::destroyForcibly);
    }
}

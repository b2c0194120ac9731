package io.milena.compatibility;

import java.io.IOException;
import java.net.ServerSocket;
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
import org.apache.kafka.common.Uuid;

/** Three nodes of Apache Kafka, each broker and controller, as processes that end with this JVM. */
final class KafkaProcesses implements ThreeBrokers {
    private static final String CLUSTER_ID = "bWlsZW5hLWFuZC1rYWZrYQ";
    private static final int BROKERS = 3;
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
        KafkaProcesses cluster = new KafkaProcesses(folder, freePorts(2 * BROKERS));
        for (int id = 1; id <= BROKERS; id++) {
            cluster.format(id);
            cluster.start(id);
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            for (int i = 0; i < PATIENCE_S && !areAllThere(admin); i++) {
                LockSupport.parkNanos(1_000_000_000);
            }
        }
        return cluster;
    }

    private static boolean areAllThere(Admin admin) {
        try {
            return admin.describeCluster().nodes().get().size() == BROKERS;
        } catch (ExecutionException | InterruptedException notYet) {
            return false;
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0));
        }
        List<Integer> ports = new ArrayList<>();
        for (ServerSocket socket : sockets) {
            ports.add(socket.getLocalPort());
            socket.close();
        }
        return ports;
    }

    private Path properties(int id) {
        return folder.resolve("node-" + id + ".properties");
    }

    private void format(int id) throws IOException {
        String controllers = eachController(each -> "127.0.0.1:" + ports.get(BROKERS + each - 1));
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
                        id, ports.get(id - 1), ports.get(BROKERS + id - 1), controllers, folder.resolve("node-" + id)));
        ExternalProgram.run(ExternalProgram.java(
                        "milena.tools.classpath",
                        "kafka.tools.StorageTool",
                        List.of(
                                "format",
                                "-t",
                                CLUSTER_ID,
                                "-c",
                                properties(id).toString(),
                                "--initial-controllers",
                                eachController(each -> each + "@127.0.0.1:" + ports.get(BROKERS + each - 1) + ":"
                                        + directories.get(each - 1)))))
                .expectSuccess();
    }

    private static String eachController(IntFunction<String> text) {
        return IntStream.rangeClosed(1, BROKERS).mapToObj(text).collect(Collectors.joining(","));
    }

    @Override
    public String bootstrapServers() {
        return ports.subList(0, BROKERS).stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(","));
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
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start());
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

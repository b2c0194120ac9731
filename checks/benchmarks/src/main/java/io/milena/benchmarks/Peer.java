package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One of the two brokers that are compared: how to prepare an empty folder for it, and the command that starts it there. */
enum Peer {
    KAFKA {
        @Override
        Command install(Path repository, Path folder, Node node, Map<String, String> settings)
                throws IOException, InterruptedException {
            Path lib = repository.resolve("checks/kafka/target/lib");
            Path properties = folder.resolve("server.properties");
            Files.writeString(properties, """
                    process.roles=broker,controller
                    node.id=%d
                    listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                    controller.listener.names=CONTROLLER
                    log.dirs=%s
                    %s
                    %s
                    """.formatted(
                            node.id(),
                            node.port(),
                            node.quorumPort(),
                            folder.resolve("data"),
                            quorum(node),
                            String.join("\n", assignments(settings))));
            List<String> format = new ArrayList<>(List.of(
                    JAVA,
                    "-cp",
                    lib + "/*",
                    "kafka.tools.StorageTool",
                    "format",
                    "-t",
                    CLUSTER_ID,
                    "-c",
                    properties.toString()));
            if (node.isAlone()) {
                format.add("--standalone");
            }
            run(folder, format);
            return new Command(List.of(
                    JAVA,
                    "-Xmx1G",
                    "-Xms1G",
                    "-server",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=20",
                    "-XX:InitiatingHeapOccupancyPercent=35",
                    "-XX:+ExplicitGCInvokesConcurrent",
                    "-Djava.awt.headless=true",
                    "-cp",
                    lib + "/*",
                    "kafka.Kafka",
                    properties.toString()));
        }
    },
    MILENA {
        @Override
        Command install(Path repository, Path folder, Node node, Map<String, String> settings) {
            List<String> words = new ArrayList<>(List.of(
                    repository.resolve("apps/cli/target/dist/bin/milena").toString(),
                    "start",
                    "--port",
                    Integer.toString(node.port()),
                    "--data",
                    folder.resolve("data").toString()));
            if (!node.isAlone()) {
                words.addAll(List.of(
                        "--set",
                        "node.id=" + node.id(),
                        "--set",
                        "milena.cluster.id=" + CLUSTER_ID,
                        "--set",
                        "controller.quorum.voters=" + node.voters(),
                        "--set",
                        "milena.console.listener="));
            }
            assignments(settings).forEach(assignment -> words.addAll(List.of("--set", assignment)));
            return new Command(words);
        }
    };

    /**
     * One broker of a cluster, which listens on a port of its own for clients and, a hundred above, for the quorum.
     *
     * @param ports of all brokers, whose ids count from 1
     */
    record Node(int id, List<Integer> ports) {
        static Node alone(int port) {
            return new Node(1, List.of(port));
        }

        boolean isAlone() {
            return ports.size() == 1;
        }

        int port() {
            return ports.get(id - 1);
        }

        int quorumPort() {
            return quorumPort(id);
        }

        private int quorumPort(int of) {
            return ports.get(of - 1) + 100;
        }

        String voters() {
            return IntStream.rangeClosed(1, ports.size())
                    .mapToObj(each -> each + "@127.0.0.1:" + quorumPort(each))
                    .collect(Collectors.joining(","));
        }
    }

    /** One node of Kafka cannot hold three copies. */
    private static String quorum(Node node) {
        return node.isAlone() ? """
                controller.quorum.bootstrap.servers=127.0.0.1:%d
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                """.formatted(node.quorumPort()) : "controller.quorum.voters=" + node.voters();
    }

    /** The words of a command line. */
    record Command(List<String> words) {}

    private static final String CLUSTER_ID = "bWlsZW5hLWFuZC1rYWZrYQ";

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    abstract Command install(Path repository, Path folder, Node node, Map<String, String> settings)
            throws IOException, InterruptedException;

    private static List<String> assignments(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    private static void run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("format.log");
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException("formatting failed, see " + log);
        }
    }
}

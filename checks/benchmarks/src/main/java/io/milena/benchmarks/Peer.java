package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of the two brokers that are compared: how to prepare an empty folder for it, and the command that starts it there. */
enum Peer {
    KAFKA {
        @Override
        Command install(Path repository, Path folder, int port, Map<String, String> settings)
                throws IOException, InterruptedException {
            Path lib = repository.resolve("checks/kafka/target/lib");
            Path properties = folder.resolve("server.properties");
            Files.writeString(properties, """
                    process.roles=broker,controller
                    node.id=1
                    listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                    controller.listener.names=CONTROLLER
                    controller.quorum.bootstrap.servers=127.0.0.1:%d
                    log.dirs=%s
                    offsets.topic.replication.factor=1
                    transaction.state.log.replication.factor=1
                    transaction.state.log.min.isr=1
                    %s
                    """.formatted(
                    port, port + 100, port + 100, folder.resolve("data"), String.join("\n", assignments(settings))));
            run(
                    folder,
                    List.of(
                            JAVA,
                            "-cp",
                            lib + "/*",
                            "kafka.tools.StorageTool",
                            "format",
                            "-t",
                            "bWlsZW5hLWFuZC1rYWZrYQ",
                            "-c",
                            properties.toString(),
                            "--standalone"));
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
        Command install(Path repository, Path folder, int port, Map<String, String> settings) {
            List<String> words = new ArrayList<>(List.of(
                    repository.resolve("apps/cli/target/dist/bin/milena").toString(),
                    "start",
                    "--port",
                    Integer.toString(port),
                    "--data",
                    folder.resolve("data").toString()));
            assignments(settings).forEach(assignment -> words.addAll(List.of("--set", assignment)));
            return new Command(words);
        }
    };

    /** The words of a command line. */
    record Command(List<String> words) {}

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    abstract Command install(Path repository, Path folder, int port, Map<String, String> settings)
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

package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One of the two brokers that are compared: how to start it on an empty folder. */
enum Peer {
    KAFKA {
        @Override
        List<String> command(Path repository, Path folder, int port) throws IOException, InterruptedException {
            Path lib = repository.resolve("checks/kafka/target/lib");
            Path settings = folder.resolve("server.properties");
            Files.writeString(settings, """
                    process.roles=broker,controller
                    node.id=1
                    listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                    controller.listener.names=CONTROLLER
                    controller.quorum.bootstrap.servers=127.0.0.1:%d
                    log.dirs=%s
                    offsets.topic.replication.factor=1
                    transaction.state.log.replication.factor=1
                    transaction.state.log.min.isr=1
                    """.formatted(port, port + 100, port + 100, folder.resolve("data")));
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
                            settings.toString(),
                            "--standalone"));
            return List.of(
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
                    settings.toString());
        }
    },
    MILENA {
        @Override
        List<String> command(Path repository, Path folder, int port) {
            return List.of(
                    repository.resolve("apps/cli/target/dist/bin/milena").toString(),
                    "start",
                    "--port",
                    Integer.toString(port),
                    "--data",
                    folder.resolve("data").toString());
        }
    };

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    abstract List<String> command(Path repository, Path folder, int port) throws IOException, InterruptedException;

    BrokerProcess start(Path repository, Path folder, int port) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        return BrokerProcess.start(command(repository, folder, port), folder.resolve("broker.log"), port);
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

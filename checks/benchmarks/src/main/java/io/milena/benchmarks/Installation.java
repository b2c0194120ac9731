package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A broker's folder and settings, empty at first: the broker may be started, stopped and started again on the same data. Closing it deletes the data and leaves
 * the broker's output, for whoever wonders why it ended. One at a time.
 */
final class Installation implements AutoCloseable {
    private static final int PORT = 29392;

    private final Path folder;
    private final Peer.Command command;

    private Installation(Path folder, Peer.Command command) {
        this.folder = folder;
        this.command = command;
    }

    /** @param settings broker settings under Kafka's names, beside the defaults */
    static Installation create(Peer peer, Path repository, Map<String, String> settings)
            throws IOException, InterruptedException {
        Path folder = repository.resolve("checks/benchmarks/target/broker");
        delete(folder);
        Files.createDirectories(folder);
        return new Installation(folder, peer.install(repository, folder, PORT, settings));
    }

    static Installation create(Peer peer, Path repository) throws IOException, InterruptedException {
        return create(peer, repository, Map.of());
    }

    /** Starts the broker and waits until it answers. */
    BrokerProcess start() throws IOException, InterruptedException {
        return BrokerProcess.start(command.words(), folder.resolve("broker.log"), PORT);
    }

    @Override
    public void close() throws IOException {
        delete(folder.resolve("data"));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> contents = Files.walk(folder)) {
            for (Path path : contents.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

package io.milena.benchmarks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A broker's folder and settings, empty at first: the broker may be started, stopped and started again on the same data. Closing it gives the space
 * back, and the end of the process deletes the data; the broker's output stays, for whoever wonders why it ended.
 */
final class Installation implements AutoCloseable {
    private static final int PORT = 29392;
    /** So many may be open at a time, each with two ports. */
    private static final int OPEN_MAX = 8;

    private static final int LARGE_BYTES = 1 << 20;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Path folder;
    private final int port;
    private final Peer.Command command;

    private Installation(Path folder, int port, Peer.Command command) {
        this.folder = folder;
        this.port = port;
        this.command = command;
    }

    /** @param settings broker settings under Kafka's names, beside the defaults */
    static Installation create(Peer peer, Path repository, Map<String, String> settings)
            throws IOException, InterruptedException {
        return createAll(peer, repository, 1, settings).getFirst();
    }

    /** The brokers of a cluster, with the ids from 1 on. */
    static List<Installation> createAll(Peer peer, Path repository, int brokers, Map<String, String> settings)
            throws IOException, InterruptedException {
        int first = COUNT.getAndAdd(brokers);
        List<Integer> ports = IntStream.range(first, first + brokers)
                .mapToObj(number -> PORT + 2 * (number % OPEN_MAX))
                .toList();
        List<Installation> all = new ArrayList<>();
        for (int i = 0; i < brokers; i++) {
            all.add(create(peer, repository, first + i, new Peer.Node(i + 1, ports), settings));
        }
        return all;
    }

    private static Installation create(
            Peer peer, Path repository, int number, Peer.Node node, Map<String, String> settings)
            throws IOException, InterruptedException {
        Path all = repository.resolve("checks/benchmarks/target/broker");
        if (number == 0) {
            delete(all);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteData(all)));
        }
        Path folder = all.resolve(Integer.toString(number));
        Files.createDirectories(folder);
        return new Installation(folder, node.port(), peer.install(repository, folder, node, settings));
    }

    static Installation create(Peer peer, Path repository) throws IOException, InterruptedException {
        return create(peer, repository, Map.of());
    }

    /** Starts the broker and waits until it answers. */
    BrokerProcess start() throws IOException, InterruptedException {
        return BrokerProcess.start(command.words(), folder.resolve("broker.log"), port);
    }

    /** Starts the broker and does not wait: alone it may not be able to answer. */
    BrokerProcess launch() throws IOException {
        return BrokerProcess.launch(command.words(), folder.resolve("broker.log"), port);
    }

    /** What a topic's records lie in. */
    List<Path> segments(String topic) throws IOException {
        try (Stream<Path> contents = Files.walk(folder.resolve("data"))) {
            return contents.filter(path -> path.toString().matches(".*/" + topic + "-\\d+/\\d+\\.log"))
                    .toList();
        }
    }

    /**
     * Gives the space back, but no file: for some minutes ext4 does not give an inode to another file whose file was deleted, and looks at each of them whenever one is created. So a broker
     * that makes thousands of files would pay for those that the one before it has left.
     */
    @Override
    public void close() throws IOException {
        try (Stream<Path> contents = Files.walk(folder.resolve("data"))) {
            for (Path path : contents.filter(Files::isRegularFile).toList()) {
                if (Files.size(path) > LARGE_BYTES) {
                    FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                            .close();
                }
            }
        }
    }

    private static void deleteData(Path all) {
        try (Stream<Path> installations = Files.list(all)) {
            for (Path each : installations.toList()) {
                delete(each.resolve("data"));
            }
        } catch (IOException e) {
            System.err.println("Cannot delete what the brokers have written: " + e);
        }
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

package io.milena.simulator;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.broker.cluster.DataPaths;
import io.milena.testkit.SimulatedEnvironment;
import io.milena.testkit.SimulatedFileSystem;
import io.milena.testkit.SimulatedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** The computer of one broker: its disk stays, its processes come and go. */
final class BrokerHost {
    private static final String HOST = "broker-1";
    private static final int PORT = 9092;
    /** Where the data are; the metadata are in the first. */
    static final List<String> DIRECTORIES = List.of("/data", "/more");

    private final SimulatedEnvironment world;
    private final SimulatedFileSystem disk;
    private final BrokerSettings settings;
    private SimulatedProcess process;

    /** Starts the first process. */
    BrokerHost(SimulatedEnvironment world, Map<String, String> settings) {
        this.world = world;
        this.disk = world.disk();
        Map<String, String> all = new TreeMap<>(settings);
        all.put("listeners", "PLAINTEXT://" + HOST + ":" + PORT);
        this.settings = BrokerSettings.of(all);
        this.process = start();
    }

    static InetSocketAddress address() {
        return InetSocketAddress.createUnresolved(HOST, PORT);
    }

    private SimulatedProcess start() {
        SimulatedProcess started = world.process(HOST, disk);
        started.environment().threads().start("main", () -> {
            try {
                List<Path> paths =
                        DIRECTORIES.stream().map(each -> disk.getPath(each)).toList();
                Broker.start(
                        settings, new DataPaths(paths.getFirst(), paths), started.network(), started.environment());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return started;
    }

    /** {@code kill -9}, then a new process on the same disk. */
    void kill() {
        process.kill();
        process = start();
    }

    /** The power goes, and with it what was not forced; then a new process on what the disk kept. */
    void losePower(RandomGenerator random) {
        process.losePower(random);
        process = start();
    }
}

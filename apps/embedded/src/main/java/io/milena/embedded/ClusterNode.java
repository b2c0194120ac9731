package io.milena.embedded;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.broker.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A broker of a cluster that runs or does not; its port and its data stay. Safe for use by many threads, each of which waits until what another began is done. */
final class ClusterNode {
    /** What surrounds each process of the broker. */
    @FunctionalInterface
    interface World {
        Surroundings around(Links.Side network);
    }

    private final int id;
    private final Links links;
    private final World world;
    private final Map<String, String> settings;
    private volatile int port;
    private volatile @Nullable Running running;

    private record Running(Broker broker, Links.Side network) {}

    ClusterNode(int id, int port, Map<String, String> settings, Links links, World world) {
        this.id = id;
        this.port = port;
        this.settings = settings;
        this.links = links;
        this.world = world;
    }

    int port() {
        return port;
    }

    @Nullable
    Broker broker() {
        Running now = running;
        return now == null ? null : now.broker;
    }

    boolean isRunning() {
        return running != null;
    }

    synchronized void start() {
        if (running != null) {
            return;
        }
        Map<String, String> all = new TreeMap<>(settings);
        all.put("node.id", Integer.toString(id));
        all.put("listeners", "PLAINTEXT://localhost:" + port);
        Links.Side network = links.of(id);
        try {
            Broker broker = Broker.start(BrokerSettings.of(all), world.around(network));
            running = new Running(broker, network);
            port = broker.address().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException("broker " + id + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** @param first what is done as soon as its connections are broken */
    synchronized void kill(Runnable first) {
        Running now = running;
        running = null;
        if (now != null) {
            now.network.die();
            first.run();
            now.broker.kill();
        }
    }

    synchronized void stop() {
        Running now = running;
        running = null;
        if (now != null) {
            now.broker.close();
        }
    }
}

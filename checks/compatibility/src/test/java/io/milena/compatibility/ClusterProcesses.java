package io.milena.compatibility;

import io.milena.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three brokers of one cluster, 1 to 3, each a process of its own, on this host or each on a host of its own. */
final class ClusterProcesses implements ThreeBrokers {
    static final int BROKERS = 3;

    private final Path folder;
    private final @Nullable TestHosts hosts;
    private final List<Integer> quorumPorts;
    private final Map<Integer, Distribution> running = new TreeMap<>();
    private final Map<Integer, String> addresses = new TreeMap<>();

    private ClusterProcesses(Path folder, @Nullable TestHosts hosts, List<Integer> quorumPorts) {
        this.folder = folder;
        this.hosts = hosts;
        this.quorumPorts = quorumPorts;
    }

    /** All at once: none is ready before most are there. */
    static ClusterProcesses start(Path folder, @Nullable TestHosts hosts) throws Exception {
        ClusterProcesses cluster = new ClusterProcesses(folder, hosts, FreePorts.take(BROKERS));
        Map<Integer, CompletableFuture<Distribution>> starting = new TreeMap<>();
        for (int id = 1; id <= BROKERS; id++) {
            int broker = id;
            starting.put(id, CompletableFuture.supplyAsync(() -> cluster.launch(broker), Thread::startVirtualThread));
        }
        try {
            for (int id = 1; id <= BROKERS; id++) {
                cluster.started(id, starting.get(id).get());
            }
            return cluster;
        } catch (ExecutionException e) {
            cluster.close();
            throw e;
        }
    }

    private String host(int broker) {
        return hosts == null ? "localhost" : hosts.address(broker);
    }

    private Distribution launch(int broker) {
        String voters = IntStream.rangeClosed(1, BROKERS)
                .mapToObj(id -> id + "@" + host(id) + ":" + quorumPorts.get(id - 1))
                .collect(Collectors.joining(","));
        String before = addresses.getOrDefault(broker, ":0");
        List<String> command = Distribution.command(
                "start",
                "--host",
                host(broker),
                "--port",
                before.substring(before.lastIndexOf(':') + 1),
                "--data",
                data(broker).resolve("data").toString(),
                "--set",
                "node.id=" + broker,
                "--set",
                "milena.cluster.id=bWlsZW5hLWFuZC1rYWZrYQ",
                "--set",
                "controller.quorum.voters=" + voters,
                "--set",
                "default.replication.factor=3",
                "--set",
                "group.consumer.heartbeat.interval.ms=500",
                "--set",
                "group.consumer.session.timeout.ms=6000",
                "--set",
                "min.insync.replicas=2");
        try {
            return Distribution.start(hosts == null ? command : hosts.on(broker, command));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void started(int broker, Distribution process) {
        running.put(broker, process);
        addresses.put(broker, process.address());
    }

    /** Where the data directory of a broker is in; a file system of its own may be mounted there. */
    Path data(int broker) {
        return data(folder, broker);
    }

    static Path data(Path folder, int broker) {
        return folder.resolve("broker-" + broker);
    }

    @Override
    public String bootstrapServers() {
        return String.join(",", addresses.values());
    }

    @Override
    public void start(int broker) {
        started(broker, launch(broker));
    }

    private Distribution process(int broker) {
        Distribution process = running.get(broker);
        if (process == null) {
            throw new IllegalStateException("broker " + broker + " does not run");
        }
        return process;
    }

    @Override
    public void kill(int broker) throws InterruptedException {
        process(broker).kill();
        running.remove(broker);
    }

    /** Takes its processor away: it says nothing, and its connections stay. */
    void pause(int broker) {
        process(broker).signal("STOP");
    }

    void resume(int broker) {
        process(broker).signal("CONT");
    }

    /** What a broker has logged since it was started last. */
    String log(int broker) throws IOException {
        return process(broker).log();
    }

    @Override
    public void close() {
        running.values().forEach(Distribution::close);
    }
}

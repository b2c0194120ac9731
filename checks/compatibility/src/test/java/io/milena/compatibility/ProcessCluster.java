package io.milena.compatibility;

import io.milena.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;

/** Brokers with the ids 1, 2, 3 and so on, each a process of its own; together they are a cluster. */
final class ProcessCluster implements BrokerProcesses {
    /** The id of the one that joins. */
    private static final int JOINED = 4;

    private final Path folder;
    private final String voters;
    private final List<String> settings;
    private final Map<Integer, Distribution> running = new ConcurrentSkipListMap<>();
    /** The settings of the one that joins, which the others have not. */
    private List<String> ofJoined = List.of();

    private ProcessCluster(Path folder, String voters, List<String> settings) {
        this.folder = folder;
        this.voters = voters;
        this.settings = settings;
    }

    /**
     * Starts all at once, as none is ready before most are there.
     *
     * @param settings of all, each as {@code name=value}
     */
    static ProcessCluster start(Path folder, int brokers, String... settings) throws Exception {
        List<String> addresses = new ArrayList<>();
        for (int id = 1; id <= brokers; id++) {
            addresses.add(id + "@localhost:" + FreePorts.take());
        }
        ProcessCluster cluster = new ProcessCluster(folder, String.join(",", addresses), List.of(settings));
        CompletableFuture<?>[] starting = IntStream.rangeClosed(1, brokers)
                .mapToObj(id -> CompletableFuture.runAsync(() -> cluster.start(id), Thread::startVirtualThread))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(starting).get();
            return cluster;
        } catch (ExecutionException e) {
            cluster.close();
            throw new AssertionError("the brokers do not start", e.getCause());
        }
    }

    private Distribution begin(int id, List<String> more) {
        List<String> command = new ArrayList<>(List.of("start", "--port", "0"));
        List<String> all = new ArrayList<>(settings);
        all.addAll(more);
        all.add("log.dirs=" + data(id).stream().map(Path::toString).collect(Collectors.joining(",")));
        all.add("node.id=" + id);
        all.add("milena.cluster.id=bWlsZW5hLWFuZC1rYWZrYQ");
        all.add("controller.quorum.voters=" + voters);
        all.forEach(setting -> command.addAll(List.of("--set", setting)));
        try {
            return Distribution.start(Distribution.command(command.toArray(String[]::new)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public List<Path> data(int id) {
        Path all = folder.resolve("broker-" + id);
        return List.of(all.resolve("a"), all.resolve("b"));
    }

    @Override
    public void start(int id) {
        running.put(id, begin(id, id == JOINED ? ofJoined : List.of()));
    }

    @Override
    public RaftVoterEndpoint join() {
        int port = FreePorts.take();
        ofJoined = List.of("process.roles=broker,controller", "milena.quorum.listener=localhost:" + port);
        start(JOINED);
        return new RaftVoterEndpoint("QUORUM", "localhost", port);
    }

    @Override
    public void kill(int id) throws InterruptedException {
        running.remove(id).kill();
    }

    @Override
    public String addresses() {
        return running.values().stream().map(Distribution::address).collect(Collectors.joining(","));
    }

    String address(int id) {
        return running.get(id).address();
    }

    @Override
    public void close() {
        running.values().forEach(Distribution::close);
    }
}

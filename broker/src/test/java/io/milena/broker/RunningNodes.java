package io.milena.broker;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.message.DescribeQuorumRequest;
import io.milena.protocol.message.DescribeQuorumRequest.PartitionData;
import io.milena.protocol.message.DescribeQuorumRequest.TopicData;
import io.milena.protocol.message.DescribeQuorumResponse;
import io.milena.protocol.message.DescribeQuorumResponse.ReplicaState;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Nodes of one cluster in this process, with a real quorum, each with a directory and roles that a test gives it. */
final class RunningNodes implements AutoCloseable {
    static final String CLUSTER = "bWlsZW5hLWFuZC1rYWZrYQ";
    private static final long PATIENCE_MS = 60_000;

    private final Path folder;
    private final Map<Integer, RunningBroker> running = new TreeMap<>();

    RunningNodes(Path folder) {
        this.folder = folder;
    }

    Path data(int id) {
        return folder.resolve("node-" + id);
    }

    /** Starts nodes at the same time: none is ready before most voters are there. */
    void start(String voters, Map<Integer, String> rolesById) throws Exception {
        Map<Integer, Future<RunningBroker>> starting = new HashMap<>();
        // Not the pool of all: Ratis uses its threads, which these would keep.
        try (ExecutorService starters = Executors.newCachedThreadPool()) {
            rolesById.forEach((id, roles) -> starting.put(id, starters.submit(() -> started(id, voters, roles))));
            for (var start : starting.entrySet()) {
                running.put(start.getKey(), start.getValue().get());
            }
        }
    }

    private RunningBroker started(int id, String voters, String roles) {
        try {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "node.id", Integer.toString(id),
                    "milena.cluster.id", CLUSTER,
                    "controller.quorum.voters", voters,
                    "process.roles", roles));
            return RunningBroker.start(data(id), settings);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    RunningBroker node(int id) {
        return Objects.requireNonNull(running.get(id));
    }

    void stop(int id) throws IOException {
        Objects.requireNonNull(running.remove(id)).close();
    }

    <R extends ApiMessage> R ask(int id, ApiMessage request, int version, Class<R> response) throws IOException {
        return node(id).ask(request, version, response);
    }

    /** Where the active controller goes away meanwhile, the connection is closed, and a client asks again. */
    DescribeQuorumResponse describeQuorum(int askedId) throws IOException {
        DescribeQuorumRequest request =
                new DescribeQuorumRequest(List.of(new TopicData("__cluster_metadata", List.of(new PartitionData(0)))));
        Deadline limit = Deadline.afterMs(Clock.system(), PATIENCE_MS);
        while (true) {
            try (RawClient client = node(askedId).connect()) {
                return client.ask(request, 2, DescribeQuorumResponse.class);
            } catch (EOFException e) {
                if (limit.isPast()) {
                    throw e;
                }
            }
        }
    }

    static DescribeQuorumResponse.PartitionData partition(DescribeQuorumResponse response) {
        return response.topics().getFirst().partitions().getFirst();
    }

    static List<Integer> ids(List<ReplicaState> replicas) {
        return replicas.stream().map(ReplicaState::replicaId).toList();
    }

    /** Looks again and again; what goes on in the background makes what is waited for come. */
    static void await(String what, Callable<Boolean> isReached) throws Exception {
        Deadline limit = Deadline.afterMs(Clock.system(), PATIENCE_MS);
        while (!isReached.call()) {
            if (limit.isPast()) {
                throw new AssertionError("not reached: " + what);
            }
            new Signal().await(() -> false, Deadline.afterMs(Clock.system(), 20));
        }
    }

    @Override
    public void close() throws IOException {
        for (int id : List.copyOf(running.keySet()).reversed()) {
            stop(id);
        }
    }
}

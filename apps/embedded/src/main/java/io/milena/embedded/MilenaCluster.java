package io.milena.embedded;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.broker.Surroundings;
import io.milena.broker.cluster.DataPaths;
import io.milena.protocol.Uuids;
import io.milena.quorum.InMemoryQuorum;
import io.milena.runtime.Environment;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several brokers inside this JVM, numbered from 1, that form one cluster: real brokers on real sockets, which replicate, elect and fail over as processes of their own do. They can be killed and
 * brought back, and the links between them cut.
 *
 * <pre>{@code
 * try (MilenaCluster cluster = Milena.cluster(3)) {
 *     // ... a topic with three replicas, a producer with acks=all, both with cluster.bootstrapServers()
 *     cluster.kill(1);   // another broker leads soon, and clients follow it by themselves
 *     cluster.start(1);  // it recovers, catches up, and is in sync again
 * }
 * }</pre>
 *
 * <p>The metadata are agreed on in memory: as long as a majority of the brokers runs and its links hold, one of them is the active controller; where that one is killed or cut off, another is it at
 * once. They last until the cluster is closed, even if all brokers are killed.
 *
 * <p>Safe for use by many threads; {@link #close()} stops all brokers and deletes their data.
 */
public final class MilenaCluster implements AutoCloseable {
    private final Path folder;
    private final Links links = new Links();
    private final InMemoryQuorum quorum;
    private final Map<Integer, ClusterNode> nodes = new TreeMap<>();
    private final @Nullable VirtualTime time;
    private final ConsoleOnDemand console;
    private final Map<String, String> settings;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private MilenaCluster(
            int brokers, Path folder, int firstPort, Map<String, String> settings, @Nullable VirtualTime time) {
        Environment environment = Milena.environment(time);
        this.folder = folder;
        this.time = time;
        Set<Integer> ids = IntStream.rangeClosed(1, brokers).boxed().collect(Collectors.toUnmodifiableSet());
        this.quorum = new InMemoryQuorum(ids);
        Map<String, String> shared = new TreeMap<>(settings);
        shared.putIfAbsent("milena.cluster.id", Uuids.text(Uuids.random(environment.random())));
        // What is in one process is not late for reasons of the network, and tests wait for what is missing.
        shared.putIfAbsent("broker.heartbeat.interval.ms", "500");
        shared.putIfAbsent("broker.session.timeout.ms", "3000");
        shared.putIfAbsent("replica.lag.time.max.ms", "3000");
        shared.putIfAbsent("default.replication.factor", Integer.toString(Math.min(brokers, 3)));
        // Nobody listens there: they agree without a network.
        shared.put(
                "controller.quorum.voters",
                ids.stream().sorted().map(id -> id + "@localhost:0").collect(Collectors.joining(",")));
        this.console = new ConsoleOnDemand(shared, environment, this::anyBroker);
        this.settings = shared;
        ids.forEach(id -> nodes.put(
                id,
                new ClusterNode(
                        id,
                        firstPort == 0 ? 0 : firstPort + id - 1,
                        shared,
                        links,
                        network -> new Surroundings(
                                DataPaths.of(folder.resolve("broker-" + id)),
                                network,
                                environment,
                                (data, voter, around, listener) -> quorum.open(voter.self(), around, listener),
                                partitions -> {}))));
    }

    static MilenaCluster start(
            int brokers,
            Path folder,
            int firstPort,
            Map<String, String> settings,
            Map<String, Integer> topics,
            @Nullable VirtualTime time) {
        MilenaCluster cluster = new MilenaCluster(brokers, folder, firstPort, settings, time);
        try {
            if (time != null) {
                time.join(cluster.links, cluster.patienceMs());
            }
            cluster.startAll();
            cluster.whileTimeRuns(() -> FirstTopics.create(topics, cluster.running(1)));
            cluster.console.startIfChosen();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** After how long brokers give each other up. */
    private long patienceMs() {
        BrokerSettings checked = BrokerSettings.of(settings);
        return Math.max(checked.number("broker.session.timeout.ms"), checked.number("replica.lag.time.max.ms"));
    }

    /** What waits for brokers would wait for ever while their time is held. */
    private void whileTimeRuns(Runnable action) {
        if (time == null) {
            action.run();
            return;
        }
        time.beginWait();
        try {
            action.run();
        } finally {
            time.endWait();
        }
    }

    /** None of several brokers is of use before most are there. */
    private static void sideBySide(Collection<ClusterNode> nodes, Consumer<ClusterNode> action) {
        CompletableFuture<?>[] actions = nodes.stream()
                .map(node -> {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    Environment.system().threads().startBlocking("cluster-node", () -> {
                        try {
                            action.accept(node);
                            done.complete(null);
                        } catch (RuntimeException | Error e) {
                            done.completeExceptionally(e);
                        }
                    });
                    return done;
                })
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(actions).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** {@code host:port} of all brokers, whether they run or not, for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return nodes.values().stream().map(node -> "localhost:" + node.port()).collect(Collectors.joining(","));
    }

    /** {@code host:port} of one broker. */
    public String address(int broker) {
        return "localhost:" + node(broker).port();
    }

    /** The numbers of all brokers. */
    public Set<Integer> brokers() {
        return Set.copyOf(nodes.keySet());
    }

    public boolean isRunning(int broker) {
        return node(broker).isRunning();
    }

    /**
     * Where a browser sees the cluster ({@code http://localhost:port}), by way of any broker that runs. It is there from the first call on, or, with {@code milena.console.listener} set, from the start and at that address; calling this
     * in a debugger is enough, where only the thread of the test is suspended.
     *
     * @throws UncheckedIOException if the address cannot be used
     */
    public String console() {
        return console.url();
    }

    private @Nullable Broker anyBroker() {
        return nodes.values().stream()
                .map(ClusterNode::broker)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The broker that is the active controller; empty while there is no majority. */
    public OptionalInt controller() {
        int leader = quorum.leadership().leaderId();
        return nodes.containsKey(leader) ? OptionalInt.of(leader) : OptionalInt.empty();
    }

    /**
     * Ends a broker as {@code kill -9} would end its process, as far as that can be within one: its connections break, nobody is told, what it was doing for clients ends where it is, and nothing of a stop is
     * written down. What it had written is there at the next start, which recovers. There is nothing to do if it does not run.
     */
    public void kill(int broker) {
        ClusterNode node = node(broker);
        whileTimeRuns(() -> node.kill(() -> quorum.kill(broker)));
        console.look();
    }

    /** Stops a broker as SIGTERM would: others lead what it leads before it goes. There is nothing to do if it does not run. */
    public void stop(int broker) {
        whileTimeRuns(node(broker)::stop);
        console.look();
    }

    /** Starts a broker again, on its port and with its data, and returns when the others count on it. There is nothing to do if it runs. */
    public void start(int broker) {
        whileTimeRuns(node(broker)::start);
        console.look();
    }

    /** Starts all brokers that do not run, side by side: none of them is of use before a majority is there. */
    public void startAll() {
        whileTimeRuns(() -> sideBySide(nodes.values(), ClusterNode::start));
        console.look();
    }

    /**
     * Cuts the link between two brokers in both directions: nothing arrives any more, and nothing says so. Both are still there for clients. Connections notice after {@code replica.socket.timeout.ms}, the
     * controller after {@code broker.session.timeout.ms}, leaders after {@code replica.lag.time.max.ms}.
     */
    public void cut(int one, int other) {
        checkAreTwo(one, other);
        links.cut(one, other);
        quorum.cut(one, other);
    }

    /** Cuts a broker off from all others. */
    public void isolate(int broker) {
        nodes.keySet().stream().filter(other -> other != broker).forEach(other -> cut(broker, other));
    }

    /** The link between two brokers works again; what was on its way arrives. */
    public void heal(int one, int other) {
        checkAreTwo(one, other);
        links.heal(one, other);
        quorum.heal(one, other);
    }

    /** All links work again. */
    public void heal() {
        nodes.keySet()
                .forEach(one ->
                        nodes.keySet().stream().filter(other -> other > one).forEach(other -> heal(one, other)));
    }

    private void checkAreTwo(int one, int other) {
        if (node(one) == node(other)) {
            throw new IllegalArgumentException("a link is between two brokers, not from " + one + " to itself");
        }
    }

    /** One that runs. */
    Broker running(int broker) {
        return Objects.requireNonNull(node(broker).broker(), "it does not run");
    }

    private ClusterNode node(int broker) {
        ClusterNode node = nodes.get(broker);
        if (node == null) {
            throw new IllegalArgumentException("there is no broker " + broker + ", but " + nodes.keySet());
        }
        return node;
    }

    /** Stops all brokers and deletes their data. */
    @Override
    public void close() {
        if (isClosed.getAndSet(true)) {
            return;
        }
        heal();
        // Nobody is left to take over, and the data end here: a stop in order would only take longer.
        whileTimeRuns(() -> sideBySide(nodes.values(), node -> node.kill(() -> {})));
        console.close();
        if (time != null) {
            time.leave(links);
        }
        TemporaryFolder.delete(folder);
    }
}

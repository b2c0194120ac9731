package io.milena.broker.replicas;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.RequestDispatcher;
import io.milena.broker.partitions.FetchHandler;
import io.milena.broker.partitions.FetchSessions;
import io.milena.broker.partitions.LeaderHints;
import io.milena.broker.partitions.ListOffsetsHandler;
import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.partitions.Replica;
import io.milena.broker.partitions.ReplicaSelection;
import io.milena.broker.peers.ControllerLink;
import io.milena.broker.peers.Peer;
import io.milena.broker.peers.Peers;
import io.milena.log.Log;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.metadata.Throttles;
import io.milena.network.ConnectionServer;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterPartitionRequest;
import io.milena.protocol.message.AlterPartitionResponse;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.replication.Assignment;
import io.milena.replication.Brokers;
import io.milena.replication.ReplicationSettings;
import io.milena.runtime.Environment;
import io.milena.testkit.SimulatedEnvironment;
import io.milena.testkit.SimulatedFileSystem;
import io.milena.testkit.SimulatedProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Brokers with the replicas of one partition, in one simulated world. The test is their controller: it grants every change of the in-sync replicas, and elects. */
final class ScriptedCluster {
    static final long LAG_MS = 10_000;
    static final long CHECKPOINT_MS = 60_000;
    private static final int PORT = 9092;
    static final UUID TOPIC = new UUID(7, 7);
    static final int FETCH_WAIT_MS = 500;
    private static final ReplicationSettings SETTINGS = new ReplicationSettings(LAG_MS, 2, 500);

    final SimulatedEnvironment world;
    private final Map<Integer, SimulatedFileSystem> disks = new TreeMap<>();
    private final Map<Integer, Node> nodes = new TreeMap<>();
    private Assignment assignment;
    /** By the side of brokers that they are on, in bytes per second. */
    private final Map<Throttles.Side, Long> rates = new EnumMap<>(Throttles.Side.class);

    ScriptedCluster(long seed, int count) {
        world = new SimulatedEnvironment(seed);
        List<Integer> all = IntStream.rangeClosed(1, count).boxed().toList();
        assignment = new Assignment(1, 0, 0, all, all);
        for (int id : all) {
            disks.put(id, world.disk());
            start(id);
        }
    }

    Assignment assignment() {
        return assignment;
    }

    /** All brokers get another partition of the topic, with the same leader and followers, whose in-sync replicas stay what they are. */
    void addNeighbour() {
        nodes.values().forEach(node -> world.run(() -> node.ready(node::addNeighbour)));
    }

    private Node node(int id) {
        return Objects.requireNonNull(nodes.get(id), "broker " + id + " does not run");
    }

    Partition partition(int id) {
        return Objects.requireNonNull(node(id).partition);
    }

    Log log(int id) {
        return partition(id).log();
    }

    static String rack(int id) {
        return "rack" + id;
    }

    private LeaderHints.Leader leader() {
        int id = assignment.leader();
        return new LeaderHints.Leader(id, assignment.leaderEpoch(), host(id), PORT, rack(id));
    }

    /** What broker {@code id} answers to that fetch. */
    FetchResponse fetch(int id, FetchRequest request) {
        return world.call(() -> {
            Peers peers = new Peers(world.test().network(), world.clock(), ScriptedCluster::addressOf, "client");
            try (Peer peer = peers.connect(id)) {
                return peer.ask(request, 18, FetchResponse.class);
            }
        });
    }

    private static InetSocketAddress addressOf(int id) {
        return InetSocketAddress.createUnresolved(host(id), PORT);
    }

    SimulatedFileSystem disk(int id) {
        return Objects.requireNonNull(disks.get(id));
    }

    private static String host(int id) {
        return "broker" + id;
    }

    /** A broker begins, with what its disk has. */
    void start(int id) {
        Node node = new Node(id, world.process(host(id), Objects.requireNonNull(disks.get(id))));
        nodes.put(id, node);
        world.run(node::start);
    }

    /** The machine loses power: what was not forced is lost, or not. */
    void losePower(int id) {
        node(id).process.losePower(world.random());
        nodes.remove(id);
    }

    void cut(int one, int other) {
        world.network().cut(host(one), host(other));
        world.network().cut(host(other), host(one));
    }

    void heal() {
        world.network().healAll();
    }

    /** From now on copying is held back on one side of all brokers. */
    void throttle(Throttles.Side side, long bytesPerSecond) {
        rates.put(side, bytesPerSecond);
    }

    /** The topic is deleted: no broker serves it any more. */
    void delete() {
        nodes.values().forEach(node -> Objects.requireNonNull(node.partitions).remove("t"));
    }

    /** How many fetches broker {@code id} has been asked for. */
    long fetches(int id) {
        return Objects.requireNonNull(Objects.requireNonNull(node(id).catalog).find(ApiKey.FETCH))
                .statistics()
                .requests()
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The next epoch has this leader, and these in-sync replicas. */
    void elect(int leader, List<Integer> isr) {
        assign(new Assignment(
                leader, assignment.leaderEpoch() + 1, assignment.partitionEpoch() + 1, assignment.replicas(), isr));
    }

    private void assign(Assignment next) {
        assignment = next;
        nodes.values().forEach(node -> node.hear(next));
    }

    private final class Node implements ClusterView, ControllerLink {
        private final int id;
        private final SimulatedProcess process;
        private @Nullable Partition partition;
        private @Nullable Partitions partitions;
        private @Nullable LogDirectory directory;
        private @Nullable Replicas replicas;
        private @Nullable ApiCatalog catalog;

        Node(int id, SimulatedProcess process) {
            this.id = id;
            this.process = process;
        }

        void start() throws Exception {
            Environment environment = process.environment();
            Partitions hosted = new Partitions(id);
            partitions = hosted;
            ready(() -> {
                LogDirectory opened = LogDirectory.open(
                        process.disk().root().resolve("data"),
                        new LogDirectory.Settings(1000, CHECKPOINT_MS, 16),
                        topic -> LogSettings.DEFAULTS,
                        environment);
                directory = opened;
                Log found = opened.log("t", 0);
                Log log = found != null
                        ? found
                        : opened.create("t", List.of(0), TOPIC, LogSettings.DEFAULTS)
                                .getFirst();
                Replicas host = new Replicas(
                        this,
                        new ReplicaSettings(LAG_MS, FETCH_WAIT_MS, 10_000_000, 1_000_000, 5_000),
                        hosted,
                        this,
                        new Peers(process.network(), environment.clock(), this::address, host(id)),
                        environment);
                replicas = host;
                partition = hosted.add(new Replica(log, host, SETTINGS));
                ApiCatalog apis = new ApiCatalog();
                catalog = apis;
                apis.add(
                                ApiKey.FETCH,
                                4,
                                18,
                                FetchRequest.class,
                                new FetchHandler(
                                        hosted,
                                        new FetchSessions(100, environment.random()),
                                        environment.clock(),
                                        50_000_000,
                                        ReplicaSelection.byRack(brokers()),
                                        new LeaderHints((topic, topicId, index) -> leader())))
                        .add(
                                ApiKey.LIST_OFFSETS,
                                1,
                                11,
                                ListOffsetsRequest.class,
                                new ListOffsetsHandler(hosted, environment.clock()));
                ConnectionServer.start(
                        process.network().listen(new InetSocketAddress("0.0.0.0", PORT)),
                        (local, remote) -> new RequestDispatcher(apis, local, remote, environment.clock()),
                        new ConnectionServer.Limits(16 << 20, 64L << 20, 1000, -1),
                        environment);
                hear(assignment);
            });
        }

        void addNeighbour() throws Exception {
            Log log = Objects.requireNonNull(directory)
                    .create("t", List.of(1), TOPIC, LogSettings.DEFAULTS)
                    .getFirst();
            Replica replica = new Replica(log, Objects.requireNonNull(replicas), SETTINGS);
            Objects.requireNonNull(partitions).add(replica);
            replica.assign(assignment);
        }

        /** Runs it in a thread of the broker's own process, and waits for it. */
        private void ready(SimulatedEnvironment.Body body) throws InterruptedException {
            Thread thread = process.environment().threads().start("start", () -> {
                try {
                    body.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.join();
        }

        void hear(Assignment next) {
            Objects.requireNonNull(partition).replica().assign(next);
        }

        @Override
        public int localId() {
            return id;
        }

        @Override
        public long brokerEpoch() {
            return id * 100L;
        }

        @Override
        public Brokers brokers() {
            return other -> new Brokers.Broker(
                    other,
                    other * 100L,
                    nodes.containsKey(other) ? Brokers.Standing.ACTIVE : Brokers.Standing.FENCED,
                    rack(other));
        }

        @Override
        public long copyRate(Throttles.Side side) {
            return rates.getOrDefault(side, Throttles.UNLIMITED);
        }

        @Override
        public boolean isThrottled(Throttles.Side side, String topic, int index) {
            return rates.containsKey(side);
        }

        @Override
        public InetSocketAddress address(int brokerId) {
            return addressOf(brokerId);
        }

        @Override
        public <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> response) throws IOException {
            if (!(request instanceof AlterPartitionRequest asked)) {
                throw new IOException("not " + request.apiKey());
            }
            AlterPartitionRequest.PartitionData change =
                    asked.topics().getFirst().partitions().getFirst();
            if (change.partitionIndex() != 0) {
                throw new IOException("the neighbour's replicas stay in sync");
            }
            AlterPartitionResponse.PartitionData.Builder answer =
                    AlterPartitionResponse.PartitionData.builder().partitionIndex(0);
            if (change.leaderEpoch() != assignment.leaderEpoch()) {
                answer.errorCode(ErrorCode.FENCED_LEADER_EPOCH.code());
            } else if (change.partitionEpoch() != assignment.partitionEpoch()) {
                answer.errorCode(ErrorCode.INVALID_UPDATE_VERSION.code());
            } else {
                assignment = new Assignment(
                        assignment.leader(),
                        assignment.leaderEpoch(),
                        assignment.partitionEpoch() + 1,
                        assignment.replicas(),
                        change.newIsrWithEpochs().stream()
                                .map(AlterPartitionRequest.BrokerState::brokerId)
                                .toList());
                answer.leaderId(assignment.leader())
                        .leaderEpoch(assignment.leaderEpoch())
                        .partitionEpoch(assignment.partitionEpoch())
                        .isr(assignment.isr());
            }
            return response.cast(AlterPartitionResponse.builder()
                    .topics(List.of(AlterPartitionResponse.TopicData.builder()
                            .topicId(TOPIC)
                            .partitions(List.of(answer.build()))
                            .build()))
                    .build());
        }
    }
}

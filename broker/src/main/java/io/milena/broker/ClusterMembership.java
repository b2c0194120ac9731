package io.milena.broker;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.cluster.BrokerIdentity;
import io.milena.broker.cluster.ClusterBrokers;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.Features;
import io.milena.broker.cluster.Members;
import io.milena.broker.cluster.NotControllerException;
import io.milena.broker.cluster.TopicLogSettings;
import io.milena.broker.controller.ActiveController;
import io.milena.broker.controller.BrokerLifecycle;
import io.milena.broker.controller.ControllerApis;
import io.milena.broker.controller.ControllerConnection;
import io.milena.broker.controller.DirectoryMoves;
import io.milena.broker.controller.DirectoryReports;
import io.milena.broker.controller.EpochNote;
import io.milena.broker.controller.OwnRegistration;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.peers.ControllerLink;
import io.milena.broker.peers.Peers;
import io.milena.broker.replicas.Replicas;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.LogMove;
import io.milena.metadata.Controller;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.*;
import io.milena.quorum.QuorumSettings;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Of a node among others, which agrees with them on the metadata by Apache Ratis. It is broker, controller, or both. */
final class ClusterMembership implements Membership {
    private static final long JOIN_PATIENCE_MS = 30_000;
    private static final long LEAVE_PATIENCE_MS = 10_000;

    private final BrokerSettings settings;
    private final String clusterId;
    private final Surroundings around;
    private final Environment environment;
    private final Partitions partitions;
    private final ClusterBrokers brokers;
    private final Peers peers;
    private final ControllerConnection forLifecycle;
    private final ControllerConnection forReplicas;
    private final ControllerConnection forClients;
    /** Of changes of the quorum alone, which may take long, and be answered by who leads no longer because of them. */
    private final ControllerConnection forQuorum;

    private final ControllerConnection forMoves;
    private final Replicas replicas;
    private volatile @Nullable ClusterMetadata metadata;
    private volatile @Nullable ActiveController active;
    private volatile @Nullable BrokerLifecycle lifecycle;
    private volatile @Nullable DirectoryReports reports;
    private @Nullable EpochNote note;
    private @Nullable QuorumRole quorumRole;

    private ClusterMembership(BrokerSettings settings, String clusterId, Partitions partitions, Surroundings around) {
        this.settings = settings;
        this.clusterId = clusterId;
        this.around = around;
        this.environment = around.environment();
        this.partitions = partitions;
        int id = settings.nodeId();
        this.brokers = new ClusterBrokers(id, this::metadata, this::epoch);
        this.peers = new Peers(around.network(), environment.clock(), brokers::address, "broker-" + id);
        this.forLifecycle = connection(peers);
        this.forReplicas = connection(peers);
        this.forClients = connection(peers);
        this.forQuorum = connection(peers);
        this.forMoves = connection(peers);
        this.replicas = new Replicas(brokers, settings.replicas(), partitions, forReplicas, peers, environment);
    }

    private ControllerConnection connection(Peers peers) {
        return new ControllerConnection(this::metadata, settings.nodeId(), peers, brokers::controllerAddress);
    }

    static ClusterMembership open(
            BrokerSettings settings,
            String clusterId,
            LogDirectories directories,
            Partitions partitions,
            Surroundings around)
            throws IOException {
        ClusterMembership membership = new ClusterMembership(settings, clusterId, partitions, around);
        try {
            membership.open(directories);
            return membership;
        } catch (IOException | RuntimeException e) {
            membership.close();
            throw e;
        }
    }

    private void open(LogDirectories directories) throws IOException {
        QuorumPlace place = settings.quorum();
        QuorumSettings quorum = place.settings(clusterId, settings.advertised(0).getHostString());
        note = new EpochNote(directories);
        metadata = ClusterMetadata.open(
                listener ->
                        around.agreement().open(directories.metadataDirectory().path(), quorum, environment, listener),
                directories,
                partitions,
                new TopicLogSettings(settings::effective, note()::keepsUnforced),
                replicas);
        metadata()
                .onLeadership(leadership -> List.of(forLifecycle, forReplicas, forClients, forMoves)
                        .forEach(connection -> connection.endUnless(leadership.leaderId())));
        quorumRole = new QuorumRole(metadata(), settings.listener().protocol(), environment);
        quorumRole.join();
    }

    @Override
    public ClusterMetadata metadata() {
        ClusterMetadata opened = metadata;
        if (opened == null) {
            throw new IllegalStateException("the metadata are not open yet");
        }
        return opened;
    }

    private long epoch() {
        BrokerLifecycle started = lifecycle;
        return started == null ? -1 : started.epoch();
    }

    @Override
    public Replicas replicas() {
        return replicas;
    }

    @Override
    public Peers peers() {
        return peers;
    }

    @Override
    public ControllerLink controller() {
        return forClients;
    }

    @Override
    public Members members(BrokerIdentity identity) {
        return brokers;
    }

    @Override
    public ApiCatalog complete(ApiCatalog catalog, Controller controller) {
        QuorumRole quorum = quorumRole();
        ControllerApis apis = new ControllerApis(catalog, metadata(), environment.clock());
        quorum.complete(catalog, clusterId);
        if (settings.quorum().isController()) {
            ActiveController deciding = decide(controller);
            addForNodes(catalog, deciding);
            quorum.completeForNodes(catalog, apis, deciding);
        }
        apis.passOn(ApiKey.CREATE_TOPICS, CreateTopicsRequest.class, forClients);
        apis.passOn(ApiKey.DELETE_TOPICS, DeleteTopicsRequest.class, forClients);
        apis.passOn(ApiKey.CREATE_PARTITIONS, CreatePartitionsRequest.class, forClients);
        apis.passOn(ApiKey.LIST_DELETED_TOPICS, ListDeletedTopicsRequest.class, forClients);
        apis.passOn(ApiKey.RESTORE_TOPIC, RestoreTopicRequest.class, forClients);
        apis.passOn(ApiKey.ALTER_CONFIGS, AlterConfigsRequest.class, forClients);
        apis.passOn(ApiKey.INCREMENTAL_ALTER_CONFIGS, IncrementalAlterConfigsRequest.class, forClients);
        apis.passOn(ApiKey.ALTER_PARTITION_REASSIGNMENTS, AlterPartitionReassignmentsRequest.class, forClients);
        apis.passOn(ApiKey.LIST_PARTITION_REASSIGNMENTS, ListPartitionReassignmentsRequest.class, forClients);
        apis.passOn(ApiKey.ELECT_LEADERS, ElectLeadersRequest.class, forClients);
        apis.passOn(ApiKey.UNREGISTER_BROKER, UnregisterBrokerRequest.class, forClients);
        apis.passOn(ApiKey.UPDATE_FEATURES, UpdateFeaturesRequest.class, forClients);
        quorum.passOn(apis, forClients, forQuorum);
        for (ControllerConnection connection : List.of(forLifecycle, forReplicas, forClients, forQuorum, forMoves)) {
            connection.answerBy(apis);
        }
        return catalog;
    }

    private EpochNote note() {
        return Objects.requireNonNull(note, "the directories are not open yet");
    }

    private QuorumRole quorumRole() {
        QuorumRole opened = quorumRole;
        if (opened == null) {
            throw new IllegalStateException("the metadata are not open yet");
        }
        return opened;
    }

    private ActiveController decide(Controller controller) {
        ActiveController deciding = new ActiveController(
                metadata(),
                controller,
                clusterId,
                settings.controller(),
                new ActiveController.Patience(
                        settings.number("broker.session.timeout.ms"), settings.number("milena.broker.grace.ms")),
                settings.elections(),
                around.network(),
                environment);
        active = deciding;
        return deciding;
    }

    private static void addForNodes(ApiCatalog catalog, ActiveController deciding) {
        catalog.add(
                        ApiKey.BROKER_REGISTRATION,
                        0,
                        4,
                        BrokerRegistrationRequest.class,
                        decided(
                                (request, version) -> deciding.register(request),
                                error -> BrokerRegistrationResponse.builder()
                                        .errorCode(error)
                                        .build()))
                .add(ApiKey.BROKER_HEARTBEAT, 0, 1, BrokerHeartbeatRequest.class, (request, context) -> {
                    context.connection()
                            .atEnd(
                                    ActiveController.class,
                                    () -> deciding.connectionBroke(
                                            request.brokerId(), request.brokerEpoch(), context.connection()));
                    return ClusterMembership.<BrokerHeartbeatRequest>decided(
                                    (asked, version) -> deciding.heartbeat(asked, context.connection()),
                                    error -> BrokerHeartbeatResponse.builder()
                                            .errorCode(error)
                                            .build())
                            .handle(request, context);
                })
                .add(
                        ApiKey.ALTER_PARTITION,
                        2,
                        3,
                        AlterPartitionRequest.class,
                        decided(
                                deciding::alterPartition,
                                error -> AlterPartitionResponse.builder()
                                        .errorCode(error)
                                        .build()))
                .add(
                        ApiKey.ASSIGN_REPLICAS_TO_DIRS,
                        0,
                        0,
                        AssignReplicasToDirsRequest.class,
                        decided(
                                (request, version) -> deciding.assignDirectories(request),
                                error -> AssignReplicasToDirsResponse.builder()
                                        .errorCode(error)
                                        .build()))
                .add(
                        ApiKey.ALLOCATE_PRODUCER_IDS,
                        0,
                        0,
                        AllocateProducerIdsRequest.class,
                        decided(
                                (request, version) -> deciding.allocateProducerIds(),
                                error -> AllocateProducerIdsResponse.builder()
                                        .errorCode(error)
                                        .build()));
    }

    /** What only the active controller answers. */
    private interface Deciding<Q> {
        ApiMessage answer(Q request, short version) throws IOException;
    }

    private interface Refusing {
        ApiMessage answer(short error);
    }

    private static <Q extends ApiMessage> ApiHandler<Q> decided(Deciding<Q> deciding, Refusing refusing) {
        return (request, context) -> Answer.later(() -> {
            try {
                return deciding.answer(request, context.version());
            } catch (NotControllerException e) {
                return refusing.answer(ErrorCode.NOT_CONTROLLER.code());
            } catch (IOException e) {
                System.getLogger(ClusterMembership.class.getName())
                        .log(System.Logger.Level.WARNING, "A decision could not be made: {0}", e.getMessage());
                return refusing.answer(ErrorCode.UNKNOWN_SERVER_ERROR.code());
            }
        });
    }

    @Override
    public void join(BrokerIdentity identity, LogDirectories directories) {
        if (settings.quorum().isController()) {
            quorumRole().control(identity, forLifecycle);
        }
        if (settings.quorum().isBroker()) {
            register(identity, directories);
        }
    }

    @Override
    public LogMove.Finisher finisher() {
        return new DirectoryMoves(metadata(), forMoves, this::epoch, environment.clock());
    }

    private void register(BrokerIdentity identity, LogDirectories directories) {
        ListenerSettings listener = settings.listener();
        UUID incarnation = Uuids.random(environment.random());
        BrokerRegistrationRequest registration = BrokerRegistrationRequest.builder()
                .brokerId(identity.nodeId())
                .clusterId(clusterId)
                .incarnationId(incarnation)
                .listeners(List.of(new BrokerRegistrationRequest.Listener(
                        listener.name(),
                        identity.host(),
                        identity.port(),
                        listener.protocol().id())))
                .features(Features.SUPPORTED.stream()
                        .map(feature ->
                                new BrokerRegistrationRequest.Feature(feature.name(), feature.min(), feature.max()))
                        .toList())
                .rack(settings.effective("broker.rack"))
                .logDirs(directories.forLogs().stream()
                        .filter(directory -> !directory.isOffline())
                        .map(LogDirectory::id)
                        .toList())
                .previousBrokerEpoch(note().previousEpoch())
                .build();
        BrokerLifecycle started = new BrokerLifecycle(
                metadata(),
                forLifecycle,
                new OwnRegistration(registration, directories, note()),
                settings.number("broker.heartbeat.interval.ms"),
                environment);
        lifecycle = started;
        reports = new DirectoryReports(metadata(), directories, forMoves, this::epoch, environment);
        try {
            started.awaitUnfenced(JOIN_PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isCountedOn() {
        BrokerLifecycle started = lifecycle;
        return started == null || !started.isFenced(); // a controller that is no broker has none
    }

    @Override
    public void leave() {
        BrokerLifecycle started = lifecycle;
        if (started != null) {
            started.leave(LEAVE_PATIENCE_MS);
        }
    }

    @Override
    public void vanish() {
        BrokerLifecycle started = lifecycle;
        if (started != null) {
            started.stop();
        }
    }

    @Override
    public void close() throws IOException {
        ActiveController deciding = active;
        if (deciding != null) {
            deciding.close();
        }
        QuorumRole role = quorumRole;
        if (role != null) {
            role.close();
        }
        DirectoryReports reporting = reports;
        if (reporting != null) {
            reporting.close();
        }
        replicas.close();
        ClusterMetadata opened = metadata;
        if (opened != null) {
            opened.close();
        }
    }
}

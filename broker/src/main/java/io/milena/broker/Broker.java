package io.milena.broker;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.ListRefusedRequestsHandler;
import io.milena.broker.api.LocalApi;
import io.milena.broker.api.OtherBrokers;
import io.milena.broker.api.RequestDispatcher;
import io.milena.broker.cluster.BrokerIdentity;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.DataDirectories;
import io.milena.broker.cluster.DataPaths;
import io.milena.broker.groups.GroupCoordinator;
import io.milena.broker.logs.JsonLines;
import io.milena.broker.metrics.BrokerMetrics;
import io.milena.broker.metrics.CertificateMetrics;
import io.milena.broker.metrics.DescribeMeasurementsHandler;
import io.milena.broker.partitions.LeaderWatch;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.peers.PeerPool;
import io.milena.broker.quorum.FormQuorumHandler;
import io.milena.broker.quorum.Restart;
import io.milena.broker.topics.TopicCreation;
import io.milena.broker.transactions.MarkerWriter;
import io.milena.broker.transactions.ProducerIds;
import io.milena.broker.transactions.TransactionCoordinator;
import io.milena.groups.Command;
import io.milena.log.DirectoryLimits;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.log.journal.JournalSettings;
import io.milena.metadata.Controller;
import io.milena.network.ConnectionServer;
import io.milena.network.SocketNetwork;
import io.milena.network.tls.TlsContext;
import io.milena.network.tls.TlsNetwork;
import io.milena.protocol.ApiKey;
import io.milena.protocol.message.DescribeMeasurementsRequest;
import io.milena.protocol.message.FormQuorumRequest;
import io.milena.protocol.message.ListRefusedRequestsRequest;
import io.milena.runtime.Environment;
import io.milena.runtime.Network;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A running broker: everything wired, from its data directories to its listener. {@link #close()} is a clean stop. */
public final class Broker implements AutoCloseable {
    /** Of this program, not of a protocol. */
    public static final String VERSION = "0.1.0";

    private static final System.Logger LOG = System.getLogger(Broker.class.getName());

    private final LogDirectories directories;
    private final Parts parts;
    private final ConnectionServer server;
    private final BrokerIdentity identity;
    private final BrokerMetrics metrics;
    private final LocalApi localApi;
    private final Restart restart;
    private volatile boolean isStopping;

    private Broker(
            LogDirectories directories,
            Parts parts,
            ConnectionServer server,
            BrokerIdentity identity,
            BrokerMetrics metrics,
            LocalApi localApi,
            Restart restart) {
        this.directories = directories;
        this.parts = parts;
        this.server = server;
        this.identity = identity;
        this.metrics = metrics;
        this.localApi = localApi;
        this.restart = restart;
    }

    /** What is stopped before the logs are closed. */
    private record Parts(Membership membership, GroupCoordinator groups, TransactionCoordinator transactions) {
        void stop() {
            transactions.close();
            groups.close();
            try {
                membership.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "Closing the metadata log failed: {0}", e.getMessage());
            }
        }
    }

    /**
     * Starts a broker on this machine and returns when it answers.
     *
     * @throws IOException if its address or its data directories cannot be used; the message says why
     */
    public static Broker start(BrokerSettings settings) throws IOException {
        return start(settings, settings.dataPaths(), new SocketNetwork(settings.sockets()), Environment.system());
    }

    /** Starts a broker in a world of the caller's: its disk, its network, its time. */
    public static Broker start(BrokerSettings settings, Path data, Network network, Environment environment)
            throws IOException {
        return start(settings, DataPaths.of(data), network, environment);
    }

    /** As {@link #start(BrokerSettings, Path, Network, Environment)}, with several data directories. */
    public static Broker start(BrokerSettings settings, DataPaths paths, Network network, Environment environment)
            throws IOException {
        return start(settings, Surroundings.of(paths, network, environment));
    }

    /** As {@link #start(BrokerSettings, Path, Network, Environment)}, in a world that has its own way to agree with others too. */
    public static Broker start(BrokerSettings settings, Surroundings around) throws IOException {
        if (settings.isLogJson()) {
            JsonLines.use();
        }
        if (settings.listener().protocol() == ListenerSettings.Protocol.SSL) {
            TlsContext keys = TlsContext.ofListener(settings.tls());
            return open(settings, around.with(new TlsNetwork(around.network(), keys)), shown(settings, keys));
        }
        return open(settings, around, List.of());
    }

    private static List<CertificateMetrics.Shown> shown(BrokerSettings settings, TlsContext keys) {
        String listener = settings.listener().name();
        return keys.certificates().stream()
                .map(certificate -> new CertificateMetrics.Shown(
                        listener,
                        certificate.getSubjectX500Principal().getName(),
                        certificate.getNotAfter().toInstant().toEpochMilli()))
                .toList();
    }

    private static Broker open(
            BrokerSettings settings, Surroundings around, List<CertificateMetrics.Shown> certificates)
            throws IOException {
        Environment environment = around.environment();
        DataDirectories data = DataDirectories.examine(
                around.paths(), settings.nodeId(), settings.effective("milena.cluster.id"), environment.random());
        LogDirectories directories = LogDirectories.open(
                data.layout(),
                new LogDirectory.Settings(
                        settings.number("log.flush.scheduler.interval.ms"),
                        settings.number("log.flush.offset.checkpoint.interval.ms"),
                        settings.number("log.retention.check.interval.ms"),
                        OpenFileLimit.ofThisProcess()
                                .bounded(
                                        settings.integer("milena.open.files.max"),
                                        data.layout().logs().size()),
                        new DirectoryLimits(
                                settings.number("milena.trash.retention.ms"),
                                settings.number("milena.disk.reserve.bytes"),
                                settings.integer("producer.id.expiration.ms"),
                                settings.integer("milena.index.cache.bytes"),
                                JournalSettings.of(settings.number("milena.journal.bytes"))),
                        settings.cleaner()),
                topic -> LogSettings.DEFAULTS,
                environment);
        try {
            data.claim(directories);
            return start(settings, data.clusterId(), directories, certificates, around);
        } catch (IOException | RuntimeException e) {
            directories.close();
            throw e;
        }
    }

    private static Broker start(
            BrokerSettings settings,
            String clusterId,
            LogDirectories directories,
            List<CertificateMetrics.Shown> certificates,
            Surroundings around)
            throws IOException {
        Environment environment = around.environment();
        Partitions partitions = new Partitions(settings.nodeId());
        around.witness().accept(partitions);
        Membership membership = settings.voters().isEmpty()
                ? SoleMembership.open(settings, directories, partitions, around.network(), environment)
                : ClusterMembership.open(settings, clusterId, directories, partitions, around);
        ClusterMetadata metadata = membership.metadata();
        Controller controller = settings.voters().isEmpty()
                ? new Controller(settings.nodeId(), settings.integer("num.partitions"))
                : new Controller(settings.controller());
        TopicCreation creation = new TopicCreation(metadata, controller, membership.controller(), environment);
        GroupCoordinator groups = new GroupCoordinator(
                partitions,
                creation,
                metadata::image,
                settings.groups(),
                new CoordinatorTopics(settings).groups(),
                environment);
        ProducerIds producerIds = new ProducerIds(metadata, controller, membership.controller());
        MarkerWriter markers = new MarkerWriter(partitions, groups);
        OtherBrokers others = new PeerPool(membership.peers());
        TransactionCoordinator transactions = new TransactionCoordinator(
                partitions, creation, settings.transactions(), producerIds, markers, others, environment);
        Parts parts = new Parts(membership, groups, transactions);
        try {
            groups.load();
            transactions.follow();
            directories.moves().start(membership.finisher(), settings.moves(metadata::image));
            long trashRetentionMs = settings.number("milena.trash.retention.ms");
            metadata.onDeletion(
                    topic -> groups.forget(new Command.DeletedTopic(topic.name(), topic.id()), trashRetentionMs));

            Network.Listener listener =
                    around.network().listen(settings.listener().bound());
            BrokerIdentity identity = new BrokerIdentity(
                    clusterId,
                    settings.nodeId(),
                    settings.advertised(listener.address().getPort()));
            ApiCatalog catalog = new Apis(
                            settings,
                            identity,
                            membership,
                            metadata,
                            controller,
                            creation,
                            partitions,
                            groups,
                            new Apis.Transactions(transactions, producerIds, markers),
                            directories,
                            others,
                            environment)
                    .catalog();
            Restart restart = new Restart();
            catalog.add(
                    ApiKey.FORM_QUORUM,
                    0,
                    0,
                    FormQuorumRequest.class,
                    new FormQuorumHandler(
                            identity,
                            directories.metadataDirectory().path(),
                            settings.voters().isEmpty(),
                            restart));
            DescribeMeasurementsHandler measurements = new DescribeMeasurementsHandler();
            catalog.add(ApiKey.DESCRIBE_MEASUREMENTS, 0, 0, DescribeMeasurementsRequest.class, measurements);
            catalog.add(
                    ApiKey.LIST_REFUSED_REQUESTS,
                    0,
                    0,
                    ListRefusedRequestsRequest.class,
                    new ListRefusedRequestsHandler(catalog.refused()));
            membership.complete(catalog, controller);
            ConnectionServer server = ConnectionServer.start(
                    listener,
                    (local, remote) -> new RequestDispatcher(catalog, local, remote, environment.clock()),
                    settings.limits(),
                    environment);
            transactions.watch();
            BrokerMetrics metrics = BrokerMetrics.of(new BrokerMetrics.Parts(
                    settings.nodeId(),
                    settings.listener().name(),
                    certificates,
                    catalog,
                    server.statistics(),
                    partitions,
                    metadata,
                    groups,
                    transactions,
                    directories,
                    others,
                    environment.clock()));
            measurements.tell(metrics);
            LeaderWatch leaders = new LeaderWatch(metadata.changed(), metadata::offset, environment);
            groups.follow(leaders); // also one that is alone: its topics may be deleted, and restored
            transactions.follow(leaders);
            membership.join(identity, directories);
            return new Broker(
                    directories,
                    parts,
                    server,
                    identity,
                    metrics,
                    new LocalApi(catalog, "console", settings.nodeId(), others),
                    restart);
        } catch (IOException | RuntimeException e) {
            directories.moves().stop();
            parts.stop();
            throw e;
        }
    }

    /** Where clients connect, with the port that was chosen. */
    public InetSocketAddress address() {
        return identity.advertised();
    }

    /** What it measures. */
    public BrokerMetrics metrics() {
        return metrics;
    }

    /** Its APIs, for what runs beside it in this process. */
    public LocalApi localApi() {
        return localApi;
    }

    /** For whoever can start it anew. */
    public Restart restart() {
        return restart;
    }

    /** How it is now. */
    public BrokerHealth health() {
        if (isStopping) {
            return BrokerHealth.notReady("stopping");
        }
        if (directories.metadataDirectory().isOffline()) {
            return BrokerHealth.failed("the disk of the metadata does not work");
        }
        if (directories.paths().stream().allMatch(path -> directories.online(path) == null)) {
            return BrokerHealth.failed("no data directory works");
        }
        return parts.membership.isCountedOn()
                ? BrokerHealth.READY
                : BrokerHealth.notReady("no controller counts on this broker");
    }

    /** Ends as a process that is killed, as far as that can be from within: connections break, nobody is told, nothing of a stop is written down. The next start recovers. */
    public void kill() {
        isStopping = true;
        parts.membership.vanish();
        server.abort();
        directories.moves().stop();
        parts.stop();
        directories.abandon();
    }

    /** Stops to serve, forces everything to disk and marks the data directories as cleanly stopped. */
    @Override
    public void close() {
        isStopping = true;
        parts.membership.leave();
        server.close();
        directories.moves().stop();
        parts.stop();
        directories.close();
    }
}

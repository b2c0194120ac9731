package io.milena.broker;

import io.milena.broker.cluster.ClusterFile;
import io.milena.broker.cluster.DataPaths;
import io.milena.broker.controller.UnaskedElections;
import io.milena.broker.replicas.ReplicaSettings;
import io.milena.broker.transactions.TransactionCoordinator;
import io.milena.groups.ConsumerSettings;
import io.milena.groups.GroupSettings;
import io.milena.log.CleanerSettings;
import io.milena.log.LogMoves;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.ControllerSettings;
import io.milena.metadata.DynamicSettings;
import io.milena.metadata.SettingCatalog;
import io.milena.metadata.SettingDefinition;
import io.milena.network.ConnectionServer;
import io.milena.network.SocketNetwork;
import io.milena.network.tls.TlsSettings;
import io.milena.quorum.Peer;
import io.milena.transactions.TransactionSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings that a broker is started with: names and values as in Kafka's properties files, checked as a whole. Immutable. */
public final class BrokerSettings {
    private static final long MS_PER_MINUTE = 60_000;
    private static final String CONSOLE = "milena.console.listener";

    private final TreeMap<String, String> given;

    private BrokerSettings(TreeMap<String, String> given) {
        this.given = given;
    }

    /** @throws IllegalArgumentException naming every setting that is unknown or has a value that is not allowed */
    public static BrokerSettings of(Map<String, String> properties) {
        TreeMap<String, String> given = new TreeMap<>(properties);
        StringBuilder faults = new StringBuilder();
        given.forEach((name, value) -> {
            String fault = BrokerSettingCatalog.CATALOG.fault(name, value);
            if (fault != null) {
                faults.append(faults.isEmpty() ? "" : "; ").append(fault);
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(faults.toString());
        }
        given.replaceAll((name, value) -> {
            SettingDefinition definition = BrokerSettingCatalog.CATALOG.find(name);
            return definition == null ? value : definition.normalized(value);
        });
        BrokerSettings settings = new BrokerSettings(given);
        if (settings.listener().protocol() == ListenerSettings.Protocol.SSL) {
            settings.tls();
        }
        settings.dataPaths();
        settings.console();
        settings.quorum();
        return settings;
    }

    /**
     * As {@link #of}, with what is written in the data directory of the node: how it belongs to its cluster. What is given counts more.
     *
     * @throws IOException if that cannot be read
     */
    public static BrokerSettings ofNode(Map<String, String> properties) throws IOException {
        Path directory =
                new BrokerSettings(new TreeMap<>(properties)).dataPaths().metadata();
        Map<String, String> all = ClusterFile.read(directory);
        all.putAll(properties);
        return of(all);
    }

    public static SettingCatalog catalog() {
        return BrokerSettingCatalog.CATALOG;
    }

    /** What was given, without defaults. */
    public Map<String, String> given() {
        return given;
    }

    /** The value that is in force, or null. */
    public @Nullable String effective(String name) {
        String value = given.get(name);
        if (value == null && name.equals("log.retention.ms")) {
            return retentionMs();
        }
        return value != null
                ? value
                : BrokerSettingCatalog.CATALOG.find(name) == null
                        ? null
                        : emptyToNull(BrokerSettingCatalog.CATALOG.defaultOf(name));
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** Of three units, the finest that was given counts. */
    private String retentionMs() {
        String minutes = given.get("log.retention.minutes");
        long chosen = minutes != null ? Long.parseLong(minutes) : 60 * number("log.retention.hours");
        return Long.toString(chosen < 0 ? -1 : chosen * MS_PER_MINUTE);
    }

    /** Of a setting that is one and has a default. */
    public long number(String name) {
        String value = effective(name);
        if (value == null) {
            throw new IllegalStateException("no value for " + name);
        }
        return Long.parseLong(value.strip());
    }

    int integer(String name) {
        return Math.toIntExact(number(name));
    }

    boolean isOn(String name) {
        return Boolean.parseBoolean(effective(name));
    }

    public int nodeId() {
        return integer("node.id");
    }

    /** Where the data are. */
    public DataPaths dataPaths() {
        String directories = given.get("log.dirs");
        if (directories == null) {
            directories = given.getOrDefault("log.dir", BrokerSettingCatalog.CATALOG.defaultOf("log.dirs"));
        }
        List<Path> logs = Stream.of(directories.split(","))
                .map(String::strip)
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .toList();
        String metadata = effective("metadata.log.dir");
        return new DataPaths(
                metadata == null && !logs.isEmpty() ? logs.getFirst() : Path.of(String.valueOf(metadata)), logs);
    }

    /** Where clients connect. */
    public ListenerSettings listener() {
        return ListenerSettings.of(this);
    }

    /** The keys of that, if it is SSL. */
    TlsSettings tls() {
        return TlsSettings.of(this::effective);
    }

    /** The address that clients are told. */
    InetSocketAddress advertised(int boundPort) {
        return listener().advertised(this, boundPort);
    }

    /** Where HTTP is spoken; empty if it is not. */
    public Optional<InetSocketAddress> console() {
        String listener = given.getOrDefault(CONSOLE, BrokerSettingCatalog.CATALOG.defaultOf(CONSOLE));
        if (listener.isBlank()) {
            return Optional.empty();
        }
        URI uri = ListenerSettings.address(CONSOLE, listener.strip(), "http");
        return Optional.of(InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort()));
    }

    /** Whether the place of {@link #console()} was chosen by whoever starts the broker. */
    public boolean isConsoleChosen() {
        return given.containsKey(CONSOLE);
    }

    /** The names by which HTTP is spoken besides those of this machine, in lower case. */
    public Set<String> consoleHosts() {
        String hosts = effective("milena.console.hosts");
        return hosts == null
                ? Set.of()
                : Stream.of(hosts.toLowerCase(Locale.ROOT).split(","))
                        .map(String::strip)
                        .filter(host -> !host.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** How the names of topics end that hold what could not be processed. */
    public List<String> deadLetterSuffixes() {
        String suffixes = effective("milena.console.dead.letter.suffixes");
        return suffixes == null
                ? List.of()
                : Stream.of(suffixes.split(","))
                        .map(String::strip)
                        .filter(suffix -> !suffix.isEmpty())
                        .toList();
    }

    /** Whether log lines are for programs. */
    public boolean isLogJson() {
        return "json".equals(effective("milena.log.format"));
    }

    /** Whether nothing can be changed over HTTP. */
    public boolean isConsoleReadOnly() {
        return isOn("milena.console.read.only");
    }

    /** Of the sockets of clients. */
    public SocketNetwork.Options sockets() {
        return new SocketNetwork.Options(
                integer("socket.send.buffer.bytes"),
                integer("socket.receive.buffer.bytes"),
                integer("socket.listen.backlog.size"));
    }

    ConnectionServer.Limits limits() {
        return new ConnectionServer.Limits(
                integer("socket.request.max.bytes"),
                number("queued.max.request.bytes"),
                integer("max.connections"),
                integer("max.connections.per.ip"),
                number("connections.max.idle.ms"));
    }

    CleanerSettings cleaner() {
        return new CleanerSettings(
                isOn("log.cleaner.enable") ? integer("log.cleaner.threads") : 0,
                number("log.cleaner.dedupe.buffer.size"),
                Double.parseDouble(effective("log.cleaner.io.max.bytes.per.second")),
                number("log.cleaner.backoff.ms"));
    }

    /** @param metadata which say more of it than the settings of the start do */
    LogMoves.Settings moves(Supplier<ClusterImage> metadata) {
        String threads = effective("num.replica.alter.log.dirs.threads");
        long atStart = number(DynamicSettings.MOVE_RATE);
        return new LogMoves.Settings(
                () -> {
                    String since = DynamicSettings.value(metadata.get(), nodeId(), DynamicSettings.MOVE_RATE);
                    return since == null ? atStart : Long.parseLong(since);
                },
                threads == null ? dataPaths().logs().size() : Integer.parseInt(threads.strip()));
    }

    /** The nodes with which a cluster begins; none for a broker that is alone. */
    List<Peer> voters() {
        return quorum().voters();
    }

    /** How this node belongs to a quorum. */
    QuorumPlace quorum() {
        return QuorumPlace.of(this);
    }

    ControllerSettings controller() {
        return new ControllerSettings(
                nodeId(),
                integer("num.partitions"),
                (short) integer("default.replication.factor"),
                integer("min.insync.replicas"),
                isOn("unclean.leader.election.enable"));
    }

    UnaskedElections.Settings elections() {
        return new UnaskedElections.Settings(
                isOn("auto.leader.rebalance.enable"),
                TimeUnit.SECONDS.toMillis(number("leader.imbalance.check.interval.seconds")),
                integer("leader.imbalance.per.broker.percentage"),
                number("unclean.leader.election.interval.ms"));
    }

    ReplicaSettings replicas() {
        return new ReplicaSettings(
                number("replica.lag.time.max.ms"),
                integer("replica.fetch.wait.max.ms"),
                integer("replica.fetch.response.max.bytes"),
                integer("replica.fetch.max.bytes"),
                number("replica.socket.timeout.ms"));
    }

    TransactionCoordinator.Settings transactions() {
        return new TransactionCoordinator.Settings(
                new TransactionSettings(
                        integer("transaction.max.timeout.ms"),
                        integer("transactional.id.expiration.ms"),
                        integer("transaction.remove.expired.transaction.cleanup.interval.ms")),
                new CoordinatorTopics(this).transactions());
    }

    private ConsumerSettings consumerGroups() {
        return new ConsumerSettings(
                integer("group.consumer.session.timeout.ms"),
                integer("group.consumer.heartbeat.interval.ms"),
                integer("group.consumer.max.size"),
                Stream.of(Objects.requireNonNullElse(effective("group.consumer.assignors"), "")
                                .split(","))
                        .map(String::strip)
                        .toList());
    }

    GroupSettings groups() {
        return new GroupSettings(
                integer("group.min.session.timeout.ms"),
                integer("group.max.session.timeout.ms"),
                integer("group.initial.rebalance.delay.ms"),
                integer("group.max.size"),
                integer("offset.metadata.max.bytes"),
                number("offsets.retention.minutes") * MS_PER_MINUTE,
                number("offsets.retention.check.interval.ms"),
                GroupSettings.defaults().newMemberJoinTimeoutMs(),
                consumerGroups());
    }
}

package io.milena.console;

import io.milena.broker.Broker;
import io.milena.broker.BrokerHealth;
import io.milena.broker.BrokerSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a broker shows over HTTP. Started before its broker, and closed after it: in between it says that the broker is not ready. */
public final class Console implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Console.class.getName());

    private final HttpListener listener;
    private final String host;
    private final Sampler sampler;
    private final Threads threads;
    private volatile @Nullable Broker broker;
    private @Nullable Thread sampling;

    private Console(InetSocketAddress address, BrokerSettings settings, Environment environment) throws IOException {
        this.host = address.getHostString();
        this.threads = environment.threads();
        this.sampler = new Sampler(cluster(() -> broker), environment.clock());
        this.listener = listen(address, settings, () -> broker, sampler);
    }

    private static Cluster cluster(Supplier<@Nullable Broker> broker) {
        return new Cluster(() -> {
            Broker shown = broker.get();
            return shown == null ? null : shown.localApi();
        });
    }

    /** All pages. */
    static Router router(Supplier<@Nullable Broker> broker, BrokerSettings settings, Sampler sampler) {
        Cluster cluster = cluster(broker);
        Router router = monitoring(broker)
                .add("/api/v1/openapi.json", new Resource("openapi.json", Json.CONTENT_TYPE))
                .add("/api/v1/console", new ConsolePage(cluster, settings.isConsoleReadOnly(), sampler.clock()))
                .add("/api/v1/cluster", new ClusterPage(cluster, sampler.traffic()));
        addTopics(router, cluster, sampler.traffic());
        addRecords(router, cluster);
        addGroups(router, cluster, sampler);
        addTransactions(router, cluster, sampler.clock());
        router.add("/api/v1/charts", new ChartsPage(sampler.charts(), sampler.clock()), ChartsPage.QUERY)
                .add("/api/v1/warnings", new WarningsPage(cluster, sampler.charts(), sampler.clock(), Clock.system()));
        addDeadLetters(router, cluster, new DeadLetters(settings.deadLetterSuffixes()));
        return router;
    }

    private static void addTopics(Router router, Cluster cluster, Traffic traffic) {
        TopicChanges changes = new TopicChanges(cluster);
        SettingsPages settings = new SettingsPages(cluster);
        router.add("/api/v1/topics", new TopicsPage(cluster, traffic))
                .add("POST", "/api/v1/topics", changes::create)
                .add("/api/v1/topics/{topic}", new TopicPage(cluster, traffic))
                .add("DELETE", "/api/v1/topics/{topic}", changes::delete)
                .add("POST", "/api/v1/topics/{topic}/partitions", changes::addPartitions)
                .add("PATCH", "/api/v1/topics/{topic}/settings", settings::alter)
                .add("/api/v1/topics/{topic}/settings/history", new SettingHistoryPages(cluster)::show)
                .add("POST", "/api/v1/topics/{topic}/settings/revert", new SettingHistoryPages(cluster)::revert)
                .add("/api/v1/topic-settings", settings::ofNewTopics)
                .add("/api/v1/brokers/{broker}/settings", settings::ofBroker)
                .add("/api/v1/trash", new TrashPage(cluster))
                .add("POST", "/api/v1/trash/{id}/restore", changes::restore);
    }

    private static void addRecords(Router router, Cluster cluster) {
        RecordsPage records = new RecordsPage(cluster);
        String partition = "/api/v1/topics/{topic}/partitions/{partition}/records";
        router.add("/api/v1/topics/{topic}/records", new NewestRecordsPage(cluster), NewestRecordsPage.QUERY)
                .add(
                        "POST",
                        "/api/v1/topics/{topic}/records",
                        new ProducePage(cluster, new Producing(cluster), Clock.system()))
                .add(
                        "/api/v1/topics/{topic}/search",
                        new SearchPage(cluster, Clock.system(), Threads.system()),
                        SearchPage.QUERY)
                .add("/api/v1/topics/{topic}/tail", new TailPage(cluster, Clock.system()), TailPage.QUERY)
                .add(partition, records, RecordsPage.QUERY)
                .add("DELETE", partition, new TopicChanges(cluster)::deleteRecords, List.of("beforeOffset"))
                .add(partition + "/{offset}", records.one(), List.of("maxBytes"));
    }

    private static void addTransactions(Router router, Cluster cluster, Clock time) {
        Transactions transactions = new Transactions(cluster);
        TransactionAborts aborts = new TransactionAborts(cluster, transactions, Clock.system());
        router.add("/api/v1/transactions", new TransactionsPage(transactions, time))
                .add("POST", "/api/v1/transactions/{transactionalId}/abort", aborts::abort)
                .add("POST", "/api/v1/hanging-transactions/abort", aborts::abortHanging);
    }

    private static void addDeadLetters(Router router, Cluster cluster, DeadLetters deadLetters) {
        router.add("/api/v1/dead-letters", new DeadLettersPage(cluster, deadLetters))
                .add(
                        "POST",
                        "/api/v1/dead-letters/{topic}/replay",
                        new ReplayPage(cluster, new Producing(cluster), deadLetters, Clock.system(), Threads.system()));
    }

    private static void addGroups(Router router, Cluster cluster, Sampler sampler) {
        HttpConsumers consumers = new HttpConsumers(cluster, Clock.system(), Threads.system());
        String consumer = "/api/v1/groups/{group}/consumers/{consumer}";
        OffsetChanges changes = new OffsetChanges(cluster);
        router.add("/api/v1/groups", new GroupsPage(cluster, sampler.lags()))
                .add("/api/v1/groups/{group}", new GroupPage(cluster))
                .add("/api/v1/groups/{group}/timeline", new GroupTimelinePage(cluster))
                .add("DELETE", "/api/v1/groups/{group}", changes::delete)
                .add("POST", "/api/v1/groups/{group}/consumers", consumers::open)
                .add("DELETE", consumer, consumers::close)
                .add(consumer + "/records", consumers::poll, List.of("limit", "waitMs", "maxBytes"))
                .add(consumer + "/stream", consumers::stream, List.of("commit", "maxBytes"))
                .add("POST", consumer + "/commit", consumers::commit)
                .add("POST", "/api/v1/groups/{group}/offsets", changes::apply)
                .add("POST", "/api/v1/groups/{group}/offsets/preview", changes::preview)
                .add("POST", "/api/v1/groups/{group}/offsets/skip", changes::skip);
    }

    /** What anybody may see who reaches the listener: there are no records in it. Those who watch may send what they send everywhere. */
    private static Router monitoring(Supplier<@Nullable Broker> broker) {
        HealthPages health = new HealthPages(() -> {
            Broker shown = broker.get();
            return shown == null ? BrokerHealth.notReady("starting") : shown.health();
        });
        return new Router()
                .add("/metrics", new MetricsPage(broker), Router.ANY_NAME)
                .add("/health/live", health.live(), Router.ANY_NAME)
                .add("/health/ready", health.ready(), Router.ANY_NAME);
    }

    /**
     * Answers from now on, at the address of {@code milena.console.listener}; empty where that switches it off.
     *
     * @throws IOException if the address cannot be used; one that nobody has asked for is given up for a free port
     */
    public static Optional<Console> start(BrokerSettings settings) throws IOException {
        return start(settings, Environment.system());
    }

    /**
     * The same for brokers that live in another time: charts are drawn by their clock, and ages are told by it. Whoever reads the pages lives in the machine's.
     *
     * @throws IOException if the address cannot be used
     */
    public static Optional<Console> start(BrokerSettings settings, Environment environment) throws IOException {
        Optional<InetSocketAddress> address = settings.console();
        return address.isEmpty() ? Optional.empty() : Optional.of(new Console(address.get(), settings, environment));
    }

    private static HttpListener listen(
            InetSocketAddress place, BrokerSettings settings, Supplier<@Nullable Broker> broker, Sampler sampler)
            throws IOException {
        InetAddress host = InetAddress.getByName(place.getHostString());
        Set<String> names = settings.consoleHosts();
        RequestGuard guard = new RequestGuard(host.isLoopbackAddress(), names, settings.isConsoleReadOnly());
        Router router = host.isLoopbackAddress() || !names.isEmpty()
                ? Frontend.addTo(router(broker, settings, sampler))
                : monitoring(broker);
        try {
            return HttpListener.start(new InetSocketAddress(host, place.getPort()), guard, router, Threads.system());
        } catch (BindException e) {
            if (settings.isConsoleChosen()) {
                throw e;
            }
            LOG.log(Level.INFO, "Port {0} is taken: the console chooses another", Integer.toString(place.getPort()));
            return HttpListener.start(new InetSocketAddress(host, 0), guard, router, Threads.system());
        }
    }

    /** Shows this broker from now on; null is none, while there is none. */
    public void show(@Nullable Broker shown) {
        broker = shown;
        if (sampling == null) {
            sampling = threads.start("console-samples", sampler::run);
        }
    }

    /** What its charts are made of. */
    Sampler sampler() {
        return sampler;
    }

    /** Where it answers, with the port that was chosen. */
    public String url() {
        return "http://" + host + ":" + listener.address().getPort();
    }

    @Override
    public void close() {
        if (sampling != null) {
            sampling.interrupt();
        }
        listener.close();
    }
}

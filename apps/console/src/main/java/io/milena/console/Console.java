package io.milena.console;

import io.milena.broker.Broker;
import io.milena.broker.BrokerHealth;
import io.milena.broker.BrokerSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a broker shows over HTTP. Started before its broker, and closed after it: in between it says that the broker is not ready. */
public final class Console implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Console.class.getName());

    private final HttpListener listener;
    private final String host;
    private volatile @Nullable Broker broker;

    private Console(InetSocketAddress address, boolean isChosen) throws IOException {
        this.host = address.getHostString();
        this.listener = listen(address, isChosen, () -> broker);
    }

    /** All pages. */
    static Router router(Supplier<@Nullable Broker> broker) {
        Cluster cluster = new Cluster(() -> {
            Broker shown = broker.get();
            return shown == null ? null : shown.localApi();
        });
        return monitoring(broker)
                .add("/api/v1/openapi.json", new Resource("openapi.json", Json.CONTENT_TYPE))
                .add("/api/v1/cluster", new ClusterPage(cluster))
                .add("/api/v1/topics", new TopicsPage(cluster))
                .add("/api/v1/topics/{topic}", new TopicPage(cluster))
                .add("/api/v1/topics/{topic}/partitions/{partition}/records", new RecordsPage(cluster))
                .add("/api/v1/groups", new GroupsPage(cluster))
                .add("/api/v1/groups/{group}", new GroupPage(cluster, Clock.system()))
                .add("/api/v1/transactions", new TransactionsPage(cluster))
                .add("/api/v1/trash", new TrashPage(cluster));
    }

    /** What anybody may see who reaches the listener: there are no records in it. */
    private static Router monitoring(Supplier<@Nullable Broker> broker) {
        HealthPages health = new HealthPages(() -> {
            Broker shown = broker.get();
            return shown == null ? BrokerHealth.notReady("starting") : shown.health();
        });
        return new Router()
                .add("/metrics", new MetricsPage(broker))
                .add("/health/live", health.live())
                .add("/health/ready", health.ready());
    }

    /**
     * Answers from now on, at the address of {@code milena.console.listener}; empty where that switches it off.
     *
     * @throws IOException if the address cannot be used; one that nobody has asked for is given up for a free port
     */
    public static Optional<Console> start(BrokerSettings settings) throws IOException {
        Optional<InetSocketAddress> address = settings.console();
        return address.isEmpty()
                ? Optional.empty()
                : Optional.of(new Console(address.get(), settings.isConsoleChosen()));
    }

    private static HttpListener listen(InetSocketAddress place, boolean isChosen, Supplier<@Nullable Broker> broker)
            throws IOException {
        InetAddress host = InetAddress.getByName(place.getHostString());
        Router router = host.isLoopbackAddress() ? router(broker) : monitoring(broker);
        try {
            return HttpListener.start(new InetSocketAddress(host, place.getPort()), router, Threads.system());
        } catch (BindException e) {
            if (isChosen) {
                throw e;
            }
            LOG.log(Level.INFO, "Port {0} is taken: the console chooses another", Integer.toString(place.getPort()));
            return HttpListener.start(new InetSocketAddress(host, 0), router, Threads.system());
        }
    }

    /** Shows this broker from now on. */
    public void show(Broker shown) {
        broker = shown;
    }

    /** Where it answers, with the port that was chosen. */
    public String url() {
        return "http://" + host + ":" + listener.address().getPort();
    }

    @Override
    public void close() {
        listener.close();
    }
}

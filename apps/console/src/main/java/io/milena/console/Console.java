package io.milena.console;

import io.milena.broker.Broker;
import io.milena.broker.BrokerHealth;
import io.milena.broker.BrokerSettings;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a broker shows over HTTP. Started before its broker, and closed after it: in between it says that the broker is not ready. */
public final class Console implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Console.class.getName());

    private final HttpListener listener;
    private final String host;
    private volatile @Nullable Broker broker;

    private Console(InetSocketAddress address, boolean isChosen) throws IOException {
        HealthPages health = new HealthPages(this::health);
        this.host = address.getHostString();
        this.listener = listen(
                address,
                isChosen,
                Map.of(
                        "/metrics", new MetricsPage(() -> broker),
                        "/health/live", health.live(),
                        "/health/ready", health.ready()));
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

    private static HttpListener listen(InetSocketAddress place, boolean isChosen, Map<String, Page> pages)
            throws IOException {
        InetAddress host = InetAddress.getByName(place.getHostString());
        try {
            return HttpListener.start(new InetSocketAddress(host, place.getPort()), pages, Threads.system());
        } catch (BindException e) {
            if (isChosen) {
                throw e;
            }
            LOG.log(Level.INFO, "Port {0} is taken: the console chooses another", Integer.toString(place.getPort()));
            return HttpListener.start(new InetSocketAddress(host, 0), pages, Threads.system());
        }
    }

    /** Shows this broker from now on. */
    public void show(Broker shown) {
        broker = shown;
    }

    private BrokerHealth health() {
        Broker shown = broker;
        return shown == null ? BrokerHealth.notReady("starting") : shown.health();
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

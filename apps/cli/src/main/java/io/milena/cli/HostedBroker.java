package io.milena.cli;

import io.milena.broker.Broker;
import io.milena.broker.BrokerHealth;
import io.milena.broker.BrokerSettings;
import io.milena.broker.ListenerSettings;
import io.milena.broker.logs.JsonLines;
import io.milena.console.Console;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The broker of this process, with its console. It is closed and started anew, at the same address, when it has become part of a cluster. Safe for use by many threads. */
final class HostedBroker {
    private final Map<String, String> given;
    private final Consumer<Exception> onFailure;
    private @Nullable Broker broker;
    private @Nullable Console console;
    private boolean isStopped;

    /**
     * One that is not started.
     *
     * @param given settings, which count more than what is written in its data directory
     * @param onFailure hears why it could not be started anew
     */
    HostedBroker(Map<String, String> given, Consumer<Exception> onFailure) {
        this.given = new LinkedHashMap<>(given);
        this.onFailure = onFailure;
    }

    synchronized void start() throws IOException {
        BrokerSettings settings = BrokerSettings.ofNode(given);
        if (settings.isLogJson()) {
            JsonLines.use(); // the console may have something to say before the broker does it
        }
        Console shown = Console.start(settings).orElse(null);
        try {
            Broker started = Broker.start(settings);
            started.restart().onWish(() -> new Thread(this::restart, "restart").start());
            if (shown != null) {
                shown.show(started);
            }
            broker = started;
            console = shown;
        } catch (IOException | RuntimeException e) {
            close(shown);
            throw e;
        }
    }

    private synchronized void restart() {
        if (isStopped) {
            return;
        }
        InetSocketAddress address = address();
        String listeners = given.getOrDefault("listeners", "PLAINTEXT://localhost:9092");
        given.put("listeners", ListenerSettings.name(listeners) + "://" + host(listeners) + ":" + address.getPort());
        stopped();
        try {
            start();
        } catch (IOException | RuntimeException e) {
            onFailure.accept(e);
        }
    }

    /** What it listens on, as it was given: what clients are told may be another name. */
    private static String host(String listeners) {
        String address = listeners.substring(listeners.indexOf("://") + "://".length());
        return address.substring(0, address.lastIndexOf(':'));
    }

    synchronized InetSocketAddress address() {
        if (broker == null) {
            throw new IllegalStateException("not started");
        }
        return broker.address();
    }

    synchronized BrokerHealth health() {
        return broker == null ? BrokerHealth.notReady("not started") : broker.health();
    }

    synchronized @Nullable Console console() {
        return console;
    }

    synchronized void stop() {
        isStopped = true;
        stopped();
    }

    private void stopped() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
        close(console);
        console = null;
    }

    private static void close(@Nullable Console console) {
        if (console != null) {
            console.close();
        }
    }
}

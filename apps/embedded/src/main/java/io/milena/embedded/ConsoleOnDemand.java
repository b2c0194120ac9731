package io.milena.embedded;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.console.Console;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The console of embedded brokers: nothing of it is loaded, and no port is open, until somebody asks where it is. Safe for use by many threads. */
final class ConsoleOnDemand {
    private static final String LISTENER = "milena.console.listener";

    private final Map<String, String> settings;
    private final Environment environment;
    private final Supplier<@Nullable Broker> running;
    private @Nullable Console console;
    private boolean isClosed;

    /**
     * Not started yet.
     *
     * @param environment that of the brokers: their time is shown
     * @param running a broker that runs, which is asked for what is shown; null while there is none
     */
    ConsoleOnDemand(Map<String, String> settings, Environment environment, Supplier<@Nullable Broker> running) {
        this.settings = new TreeMap<>(settings);
        this.environment = environment;
        this.running = running;
    }

    synchronized String url() {
        if (isClosed) {
            throw new IllegalStateException("what the console showed is closed");
        }
        Console shown = console;
        if (shown == null) {
            shown = start();
            console = shown;
        }
        return shown.url();
    }

    private Console start() {
        Map<String, String> all = new TreeMap<>(settings);
        if (!isChosen()) {
            all.put(LISTENER, "http://localhost:0"); // there may be many of them on a machine
        }
        try {
            Console started = Console.start(BrokerSettings.of(all), environment).orElseThrow();
            started.show(running.get());
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("the console cannot be started: " + e.getMessage(), e);
        }
    }

    private boolean isChosen() {
        return !settings.getOrDefault(LISTENER, "").isBlank();
    }

    /** It is there from the start where somebody has chosen its address. */
    void startIfChosen() {
        if (isChosen()) {
            url();
        }
    }

    /** Another broker may be the one that runs. */
    synchronized void look() {
        if (console != null) {
            console.show(running.get());
        }
    }

    synchronized void close() {
        isClosed = true;
        if (console != null) {
            console.close();
            console = null;
        }
    }
}

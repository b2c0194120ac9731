package io.milena.cli;

import io.milena.broker.BrokerHealth;
import io.milena.broker.ListenerSettings;
import io.milena.console.Console;
import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code milena start}: runs a broker in this process until SIGTERM or Ctrl-C. */
@Command(
        name = "start",
        description = "Starts a broker and says when it is ready. Ctrl-C or SIGTERM stops it cleanly.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  milena start",
            "  milena start --port 9093 --data /var/lib/milena",
            "  milena start --set num.partitions=3 --config broker.properties"
        })
public final class StartCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen on; 0 chooses a free one. Default: 9092.")
    private @Nullable Integer port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Address to listen on. Default: localhost, so that only this machine reaches it.")
    private @Nullable String host;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data. Default: ./data.")
    private @Nullable Path data;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "A broker setting under Kafka's name; may be repeated. Counts more than the same in --config.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A properties file with broker settings, as Kafka's. Default: none.")
    private @Nullable Path config;

    private final Terminal terminal;

    StartCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        HostedBroker broker = new HostedBroker(merged(), e -> {
            failure.set(e);
            stopped.countDown();
        });
        broker.start();
        long millis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            broker.stop();
            stopped.countDown();
        }));
        String address =
                broker.address().getHostString() + ":" + broker.address().getPort();
        BrokerHealth health = broker.health();
        terminal.out()
                .println(
                        health.isReady()
                                ? "Milena is ready on " + address + " after " + millis + " ms"
                                : "Milena listens on " + address + " and is not ready: " + health.reason());
        Console console = broker.console();
        if (console != null) {
            terminal.out().println("The console is on " + console.url());
        }
        stopped.await();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IOException("the broker could not be started anew: " + failed.getMessage(), failed);
        }
        return 0;
    }

    /** The file, then --set, then the options of their own. */
    private Map<String, String> merged() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        if (config != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(config)) {
                properties.load(reader);
            }
            properties.stringPropertyNames().stream()
                    .sorted()
                    .forEach(name -> all.put(name, properties.getProperty(name)));
        }
        all.putAll(settings);
        if (port != null || host != null) {
            all.put(
                    "listeners",
                    ListenerSettings.name(all.getOrDefault("listeners", "")) + "://"
                            + (host == null ? "localhost" : host) + ":" + (port == null ? 9092 : port));
        }
        if (data != null) {
            all.put("log.dirs", data.toString());
        }
        return all;
    }
}

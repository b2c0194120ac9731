package io.milena.embedded;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A running broker inside this JVM. Safe for use by many threads; {@link #close()} stops it and deletes its temporary data. */
public final class Milena implements AutoCloseable {
    final Broker broker;

    /** The folder to delete at the end, or null when the data is the caller's. */
    private final @Nullable Path temporary;

    private Milena(Broker broker, @Nullable Path temporary) {
        this.broker = broker;
        this.temporary = temporary;
    }

    /** Starts a broker on a free port of the loopback interface, with its data in a temporary folder. */
    public static Milena start() {
        return configure().start();
    }

    /** A broker to be started with other settings. */
    public static Configuration configure() {
        return new Configuration();
    }

    /** {@code host:port}, for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return broker.address().getHostString() + ":" + broker.address().getPort();
    }

    public int port() {
        return broker.address().getPort();
    }

    /** Stops the broker as SIGTERM would, then deletes its data if that was temporary. */
    @Override
    public void close() {
        broker.close();
        if (temporary != null) {
            deleteRecursively(temporary);
        }
    }

    private static void deleteRecursively(Path folder) {
        try (Stream<Path> contents = Files.walk(folder)) {
            for (Path path : contents.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the temporary folder " + folder, e);
        }
    }

    /** What to start, one setting at a time. Not safe for use by many threads. */
    public static final class Configuration {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private @Nullable Path data;
        private int port;

        private Configuration() {
            settings.put("group.initial.rebalance.delay.ms", "0");
            settings.put("offsets.topic.num.partitions", "1");
            settings.put("transaction.state.log.num.partitions", "1");
            settings.put("milena.durability", "written");
        }

        /** Listens on {@code port}; 0, the default, chooses a free one. */
        public Configuration port(int port) {
            this.port = port;
            return this;
        }

        /** Keeps the data in {@code folder}, which is not deleted: a later broker can go on with it. */
        public Configuration data(Path folder) {
            this.data = folder;
            return this;
        }

        /** A broker setting under Kafka's name; unknown names and invalid values are refused at the start. Folders in {@code log.dirs} are not deleted. */
        public Configuration set(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /**
         * Starts the broker and returns when it answers.
         *
         * @throws IllegalArgumentException if a setting is unknown or invalid
         * @throws UncheckedIOException if the port or the folder cannot be used
         */
        public Milena start() {
            Path temporary = null;
            try {
                if (data == null && !settings.containsKey("log.dirs")) {
                    temporary = Files.createTempDirectory("milena-");
                }
                Map<String, String> all = new LinkedHashMap<>(settings);
                all.put("listeners", "PLAINTEXT://localhost:" + port);
                if (data != null || temporary != null) {
                    all.put("log.dirs", String.valueOf(data == null ? temporary : data));
                }
                return new Milena(Broker.start(BrokerSettings.of(all)), temporary);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start an embedded broker: " + e.getMessage(), e);
            }
        }
    }
}

package io.milena.embedded;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.network.SocketNetwork;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A running broker inside this JVM. Safe for use by many threads; {@link #close()} stops it and deletes its temporary data. */
public final class Milena implements AutoCloseable {
    final Broker broker;

    /** The folder to delete at the end, or null when the data is the caller's. */
    private final @Nullable Path temporary;

    private final @Nullable VirtualTime time;
    private final ConsoleOnDemand console;

    private Milena(Broker broker, Map<String, String> settings, @Nullable Path temporary, @Nullable VirtualTime time) {
        this.broker = broker;
        this.temporary = temporary;
        this.time = time;
        this.console = new ConsoleOnDemand(settings, environment(time), () -> broker);
    }

    static Environment environment(@Nullable VirtualTime time) {
        return time == null ? Environment.system() : time.environment();
    }

    /** Starts a broker on a free port of the loopback interface, with its data in a temporary folder. */
    public static Milena start() {
        return configure().start();
    }

    /** Starts a cluster of so many brokers on free ports of the loopback interface, with their data in a temporary folder. */
    public static MilenaCluster cluster(int brokers) {
        return configure().cluster(brokers);
    }

    /** A broker, or a cluster, to be started with other settings. */
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

    /**
     * Where a browser sees the broker ({@code http://localhost:port}). It is there from the first call on, or, with {@code milena.console.listener} set, from the start and at that address; calling this in a debugger is enough, where
     * only the thread of the test is suspended.
     *
     * @throws UncheckedIOException if the address cannot be used
     */
    public String console() {
        return console.url();
    }

    private void prepare(Map<String, Integer> topics) {
        try {
            FirstTopics.create(topics, broker);
            console.startIfChosen();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Stops the broker as SIGTERM would, then deletes its data if that was temporary. */
    @Override
    public void close() {
        if (time != null) {
            time.beginWait();
        }
        try {
            broker.close();
        } finally {
            if (time != null) {
                time.endWait();
            }
        }
        console.close();
        if (temporary != null) {
            TemporaryFolder.delete(temporary);
        }
    }

    /** What to start, one setting at a time. Not safe for use by many threads. */
    public static final class Configuration {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, Integer> topics = new LinkedHashMap<>();
        private @Nullable Path data;
        private @Nullable VirtualTime time;
        private int port;

        private Configuration() {
            settings.put("group.initial.rebalance.delay.ms", "0");
            settings.put("offsets.topic.num.partitions", "1");
            settings.put("transaction.state.log.num.partitions", "1");
            settings.put("milena.durability", "written");
        }

        /** Listens on {@code port}; 0, the default, chooses a free one. The brokers of a cluster listen on this one and those that follow. */
        public Configuration port(int port) {
            this.port = port;
            return this;
        }

        /** Keeps the data in {@code folder}, which is not deleted: a later broker can go on with it. */
        public Configuration data(Path folder) {
            this.data = folder;
            return this;
        }

        /** The time in which the broker, or the cluster, lives. It may have more of them. */
        public Configuration time(VirtualTime time) {
            this.time = time;
            return this;
        }

        /** A broker setting under Kafka's name; unknown names and invalid values are refused at the start. Folders in {@code log.dirs} are not deleted. */
        public Configuration set(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** A topic with so many partitions, which is there when the broker, or the cluster, has started. One that the data have already stays as it is. */
        public Configuration topic(String name, int partitions) {
            topics.put(name, partitions);
            return this;
        }

        /**
         * Starts the broker and returns when it answers.
         *
         * @throws IllegalArgumentException if a setting is unknown or invalid, or a topic cannot be created
         * @throws UncheckedIOException if the port or the folder cannot be used
         */
        public Milena start() {
            Path temporary = null;
            try {
                if (data == null && !settings.containsKey("log.dirs")) {
                    temporary = TemporaryFolder.create();
                }
                Map<String, String> all = new LinkedHashMap<>(settings);
                all.put("listeners", "PLAINTEXT://localhost:" + port);
                if (data != null || temporary != null) {
                    all.put("log.dirs", String.valueOf(data == null ? temporary : data));
                }
                Milena started = new Milena(start(BrokerSettings.of(all)), all, temporary, time);
                started.prepare(topics);
                return started;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start an embedded broker: " + e.getMessage(), e);
            }
        }

        private Broker start(BrokerSettings settings) throws IOException {
            return time == null
                    ? Broker.start(settings)
                    : Broker.start(
                            settings, settings.dataPaths(), new SocketNetwork(settings.sockets()), time.environment());
        }

        /**
         * Starts a cluster of so many brokers, all with these settings, and returns when each counts on the others. New topics have three replicas where nothing else is said, if there are so many brokers.
         *
         * @throws IllegalArgumentException if a setting is unknown or invalid, a topic cannot be created, or the data are to be kept: what brokers have agreed on is in memory, and ends with the cluster
         * @throws UncheckedIOException if a port or the temporary folder cannot be used
         */
        public MilenaCluster cluster(int brokers) {
            if (brokers < 1) {
                throw new IllegalArgumentException("a cluster of " + brokers + " brokers");
            }
            if (data != null || settings.containsKey("log.dirs")) {
                throw new IllegalArgumentException("the data of an embedded cluster are in a temporary folder");
            }
            try {
                return MilenaCluster.start(brokers, TemporaryFolder.create(), port, settings, topics, time);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start an embedded cluster: " + e.getMessage(), e);
            }
        }
    }
}

package io.milena.compatibility;

import io.milena.embedded.Milena;
import io.milena.embedded.MilenaCluster;
import java.nio.file.Path;

/** A cluster of three brokers, 1 to 3, that are killed and started again: Milena's in this JVM, or, with {@code -Dmilena.oracle.cluster=kafka}, three processes of Apache Kafka. */
interface ThreeBrokers extends AutoCloseable {
    String bootstrapServers();

    void kill(int broker) throws Exception;

    /** Starts a broker that was killed; it may take a moment until it is of use. */
    void start(int broker) throws Exception;

    @Override
    void close();

    static boolean areKafkas() {
        return "kafka".equals(System.getProperty("milena.oracle.cluster"));
    }

    static ThreeBrokers start(Path folder) throws Exception {
        return areKafkas()
                ? KafkaProcesses.start(folder)
                : new Embedded(Milena.configure()
                        .set("milena.durability", "forced")
                        .set("group.consumer.heartbeat.interval.ms", "200")
                        .set("group.consumer.session.timeout.ms", "30000")
                        .cluster(3));
    }

    /** In this JVM, as durable as brokers that are not embedded. */
    record Embedded(MilenaCluster cluster) implements ThreeBrokers {
        @Override
        public String bootstrapServers() {
            return cluster.bootstrapServers();
        }

        @Override
        public void kill(int broker) {
            cluster.kill(broker);
        }

        @Override
        public void start(int broker) {
            cluster.start(broker);
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}

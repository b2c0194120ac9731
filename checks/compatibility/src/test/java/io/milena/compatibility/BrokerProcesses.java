package io.milena.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.common.TopicPartition;

/** Three brokers, 1 to 3, each a process with two data directories: Milena's, or, with {@code -Dmilena.oracle.cluster=kafka}, Apache Kafka's. */
interface BrokerProcesses extends AutoCloseable {
    /** Of those that run. */
    String addresses();

    /** The data directories of a broker. */
    List<Path> data(int broker);

    /** Starts one more, 4, that follows the metadata as a controller that has no vote; answers where other controllers reach it. */
    RaftVoterEndpoint join() throws Exception;

    void kill(int broker) throws InterruptedException;

    /** One that was killed comes back. */
    void start(int broker) throws IOException;

    @Override
    void close();

    static BrokerProcesses start(Path folder) throws Exception {
        return ThreeBrokers.areKafkas()
                ? KafkaProcesses.start(folder)
                : ProcessCluster.start(folder, 3, "offsets.topic.num.partitions=1");
    }

    default Map<String, Object> settings() {
        return Map.of("bootstrap.servers", addresses());
    }

    /** Whether a broker has files of a partition. */
    default boolean holds(int broker, TopicPartition partition) {
        return data(broker).stream().anyMatch(directory -> Files.exists(directory.resolve(partition.toString())));
    }
}

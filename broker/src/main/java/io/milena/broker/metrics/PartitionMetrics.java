package io.milena.broker.metrics;

import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.record.PartitionRecord;
import java.util.List;
import java.util.function.Supplier;

/** The partitions that are on this broker, and what the metadata say of those of the cluster. */
final class PartitionMetrics implements MetricSource {
    private static final Metric SIZE =
            Metric.gauge("kafka_log_log_size", "Bytes of the partition's log.", "topic", "partition");
    private static final Metric START =
            Metric.gauge("kafka_log_log_logstartoffset", "The first offset that is there.", "topic", "partition");
    private static final Metric END = Metric.gauge(
            "kafka_log_log_logendoffset", "The offset that the next record will get.", "topic", "partition");
    private static final Metric BYTES_IN = Metric.counter(
            "milena_partition_received_bytes_total",
            "Bytes of record batches that were appended, by partition.",
            "topic",
            "partition");
    private static final Metric BYTES_OUT = Metric.counter(
            "milena_partition_sent_bytes_total",
            "Bytes of record batches that were given to clients, by partition.",
            "topic",
            "partition");
    private static final Metric HERE = Metric.gauge(
            "kafka_server_replicamanager_partitioncount", "Partitions on this broker, those that are offline too.");
    private static final Metric LED =
            Metric.gauge("kafka_server_replicamanager_leadercount", "Partitions that this broker leads.");
    private static final Metric UNDER_REPLICATED = Metric.gauge(
            "kafka_server_replicamanager_underreplicatedpartitions",
            "Partitions that this broker leads and that have replicas that are not in sync.");
    private static final Metric OFFLINE = Metric.gauge(
            "kafka_server_replicamanager_offlinereplicacount",
            "Partitions on this broker that cannot be used, because of their disk.");
    private static final Metric TOPICS =
            Metric.gauge("kafka_controller_kafkacontroller_globaltopiccount", "Topics of the cluster.");
    private static final Metric PARTITIONS =
            Metric.gauge("kafka_controller_kafkacontroller_globalpartitioncount", "Partitions of the cluster.");

    static final List<Metric> ALL =
            List.of(SIZE, START, END, BYTES_IN, BYTES_OUT, HERE, LED, UNDER_REPLICATED, OFFLINE, TOPICS, PARTITIONS);

    private final Partitions partitions;
    private final Supplier<ClusterImage> image;
    private final int nodeId;

    PartitionMetrics(Partitions partitions, Supplier<ClusterImage> image, int nodeId) {
        this.partitions = partitions;
        this.image = image;
        this.nodeId = nodeId;
    }

    @Override
    public void read(MetricSink sink) {
        List<Partition> here = partitions.all();
        int missing = partitions.offline().size();
        for (Partition partition : here) {
            String index = Integer.toString(partition.index());
            sink.value(SIZE, partition.log().sizeInBytes(), partition.topic(), index);
            sink.value(START, partition.log().logStartOffset(), partition.topic(), index);
            sink.value(END, partition.log().logEndOffset(), partition.topic(), index);
            sink.value(BYTES_IN, partition.traffic().bytesIn(), partition.topic(), index);
            sink.value(BYTES_OUT, partition.traffic().bytesOut(), partition.topic(), index);
        }
        sink.value(HERE, here.size() + missing);
        sink.value(
                OFFLINE,
                missing
                        + here.stream()
                                .filter(partition -> partition.log().isOffline())
                                .count());
        readCluster(sink);
    }

    private void readCluster(MetricSink sink) {
        ClusterImage cluster = image.get();
        long all = 0;
        long led = 0;
        long underReplicated = 0;
        for (ClusterImage.Topic topic : cluster.topics()) {
            for (PartitionRecord partition : topic.partitions()) {
                all++;
                if (partition.leader() == nodeId) {
                    led++;
                    underReplicated +=
                            partition.isr().size() < partition.replicas().size() ? 1 : 0;
                }
            }
        }
        sink.value(LED, led);
        sink.value(UNDER_REPLICATED, underReplicated);
        sink.value(TOPICS, cluster.topics().size());
        sink.value(PARTITIONS, all);
    }
}

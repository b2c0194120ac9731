package io.milena.broker.metrics;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.OtherBrokers;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.groups.GroupCoordinator;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.transactions.TransactionCoordinator;
import io.milena.log.LogDirectories;
import io.milena.network.ConnectionStatistics;
import io.milena.runtime.Clock;
import java.util.List;
import java.util.stream.Stream;

/** All that a broker measures. Any thread may read, at any time; nothing is computed before. */
public final class BrokerMetrics {
    private final List<MetricSource> sources;

    private BrokerMetrics(List<MetricSource> sources) {
        this.sources = sources;
    }

    /** The parts of a broker that are measured. */
    public record Parts(
            int nodeId,
            String listener,
            List<CertificateMetrics.Shown> certificates,
            ApiCatalog catalog,
            ConnectionStatistics connections,
            Partitions partitions,
            ClusterMetadata metadata,
            GroupCoordinator groups,
            TransactionCoordinator transactions,
            LogDirectories directories,
            OtherBrokers others,
            Clock clock) {}

    public static BrokerMetrics of(Parts parts) {
        return new BrokerMetrics(List.of(
                new TrafficMetrics(parts.partitions),
                new RequestMetrics(parts.catalog),
                new ConnectionMetrics(parts.connections, parts.listener),
                new CertificateMetrics(parts.certificates, parts.clock),
                new PartitionMetrics(parts.partitions, parts.metadata::image, parts.nodeId),
                new DiskMetrics(parts.directories),
                new GroupMetrics(
                        parts.groups,
                        parts.partitions,
                        new LagElsewhere(parts.others, parts.metadata::image, parts.nodeId, parts.clock),
                        parts.clock),
                new TransactionMetrics(parts.transactions, parts.clock)));
    }

    /** Every metric there can be, in the order in which they are read. */
    public static List<Metric> catalog() {
        return Stream.of(
                        TrafficMetrics.ALL,
                        RequestMetrics.ALL,
                        ConnectionMetrics.ALL,
                        CertificateMetrics.ALL,
                        PartitionMetrics.ALL,
                        DiskMetrics.ALL,
                        GroupMetrics.ALL,
                        TransactionMetrics.ALL)
                .flatMap(List::stream)
                .toList();
    }

    /** Shows every value as it is now. */
    public void read(MetricSink sink) {
        sources.forEach(source -> source.read(sink));
    }
}

package io.milena.broker.metrics;

import io.milena.broker.partitions.Partitions;
import java.util.List;

/** What clients write and read, by topic. */
final class TrafficMetrics implements MetricSource {
    private static final String PREFIX = "kafka_server_brokertopicmetrics_";
    private static final Metric BYTES_IN =
            Metric.counter(PREFIX + "bytesin_total", "Bytes of record batches that were appended.", "topic");
    private static final Metric BYTES_OUT =
            Metric.counter(PREFIX + "bytesout_total", "Bytes of record batches that were given to clients.", "topic");
    private static final Metric RECORDS_IN =
            Metric.counter(PREFIX + "messagesin_total", "Records that were appended.", "topic");
    private static final Metric APPENDS = Metric.counter(
            PREFIX + "totalproducerequests_total",
            "Appends that clients asked for, one for each partition of a request.",
            "topic");
    private static final Metric FAILED_APPENDS =
            Metric.counter(PREFIX + "failedproducerequests_total", "Appends that the partition refused.", "topic");
    private static final Metric READS = Metric.counter(
            PREFIX + "totalfetchrequests_total",
            "Answers to clients that read, one for each partition of a request.",
            "topic");
    private static final Metric FAILED_READS =
            Metric.counter(PREFIX + "failedfetchrequests_total", "Reads that were answered with an error.", "topic");

    static final List<Metric> ALL =
            List.of(BYTES_IN, BYTES_OUT, RECORDS_IN, APPENDS, FAILED_APPENDS, READS, FAILED_READS);

    private final Partitions partitions;

    TrafficMetrics(Partitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public void read(MetricSink sink) {
        partitions.traffic().forEach((topic, traffic) -> {
            sink.value(BYTES_IN, traffic.bytesIn(), topic);
            sink.value(BYTES_OUT, traffic.bytesOut(), topic);
            sink.value(RECORDS_IN, traffic.recordsIn(), topic);
            sink.value(APPENDS, traffic.appends(), topic);
            sink.value(FAILED_APPENDS, traffic.failedAppends(), topic);
            sink.value(READS, traffic.reads(), topic);
            sink.value(FAILED_READS, traffic.failedReads(), topic);
        });
    }
}

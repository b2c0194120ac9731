package io.milena.broker.metrics;

import io.milena.network.ConnectionStatistics;
import java.util.List;

/** The connections of clients. */
final class ConnectionMetrics implements MetricSource {
    private static final Metric OPEN = Metric.gauge(
            "kafka_server_socket_server_metrics_connection_count", "Connections that are open.", "listener");
    private static final Metric ACCEPTED =
            Metric.counter("milena_connections_accepted_total", "Connections that were accepted.", "listener");
    private static final Metric REFUSED = Metric.counter(
            "milena_connections_refused_total", "Connections closed at once, because there were too many.", "listener");
    private static final Metric RECEIVED =
            Metric.counter("milena_network_received_bytes_total", "Bytes of requests.", "listener");
    private static final Metric SENT =
            Metric.counter("milena_network_sent_bytes_total", "Bytes of answers.", "listener");

    static final List<Metric> ALL = List.of(OPEN, ACCEPTED, REFUSED, RECEIVED, SENT);

    private final ConnectionStatistics statistics;
    private final String listener;

    ConnectionMetrics(ConnectionStatistics statistics, String listener) {
        this.statistics = statistics;
        this.listener = listener;
    }

    @Override
    public void read(MetricSink sink) {
        sink.value(OPEN, statistics.open(), listener);
        sink.value(ACCEPTED, statistics.accepted(), listener);
        sink.value(REFUSED, statistics.refused(), listener);
        sink.value(RECEIVED, statistics.bytesIn(), listener);
        sink.value(SENT, statistics.bytesOut(), listener);
    }
}

package io.milena.broker.metrics;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.ApiStatistics;
import io.milena.runtime.DurationHistogram;
import java.util.List;

/** Requests by API. */
final class RequestMetrics implements MetricSource {
    private static final Metric REQUESTS = Metric.counter(
            "kafka_network_requestmetrics_requests_total",
            "Requests received, by API and version.",
            "request",
            "version");
    private static final Metric ERRORS = Metric.counter(
            "kafka_network_requestmetrics_errors_total",
            "Errors in answers, by API and error; one answer may hold several. Unlike Apache Kafka's, it does not"
                    + " count NONE.",
            "request",
            "error");
    private static final Metric DURATIONS = Metric.histogram(
            "milena_request_duration_seconds",
            "From a request's arrival to its encoded answer, with what the answer waited for: forces, other members of"
                    + " a group, records for a fetch.",
            "request");

    static final List<Metric> ALL = List.of(REQUESTS, ERRORS, DURATIONS);

    private final ApiCatalog catalog;

    RequestMetrics(ApiCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void read(MetricSink sink) {
        for (ApiCatalog.Entry api : catalog.entries()) {
            String name = api.name();
            ApiStatistics statistics = api.statistics();
            statistics
                    .requests()
                    .forEach((version, count) -> sink.value(REQUESTS, count, name, Short.toString(version)));
            statistics.errorCounts().forEach((error, count) -> sink.value(ERRORS, count, name, error));
            DurationHistogram.Snapshot durations = statistics.durations().snapshot();
            if (durations.count() > 0) {
                sink.durations(DURATIONS, durations, name);
            }
        }
    }
}

package io.milena.console;

import io.milena.console.charts.Charts.Line;
import io.milena.protocol.message.DescribeMeasurementsRequest;
import io.milena.protocol.message.DescribeMeasurementsResponse;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredMetric;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** What one broker measured at one moment, added up as charts show it. For one thread. */
final class Measured {
    private static final String TRAFFIC = "kafka_server_brokertopicmetrics_";
    private static final String REQUESTS = "kafka_network_requestmetrics_requests_total";
    private static final String CONNECTIONS = "kafka_server_socket_server_metrics_connection_count";
    private static final String DISK_TOTAL = "milena_disk_total_bytes";
    private static final String DISK_USABLE = "milena_disk_usable_bytes";
    private static final String END = "kafka_log_log_logendoffset";
    private static final String PARTITION_IN = "milena_partition_received_bytes_total";
    private static final String PARTITION_OUT = "milena_partition_sent_bytes_total";
    private static final String LAG = "kafka_consumergroup_lag";
    private static final String LAG_SECONDS = "kafka_consumergroup_lag_seconds";
    private static final String DURATIONS = "milena_request_duration_seconds";
    private static final Map<String, String> TOPIC_RATES = Map.of(
            TRAFFIC + "bytesin_total", "bytes-in",
            TRAFFIC + "bytesout_total", "bytes-out",
            TRAFFIC + "messagesin_total", "records-in");
    private static final Map<String, String> LATENCIES =
            Map.of("Produce", "produce-latency-p99", "Fetch", "fetch-latency-p99");

    /** Asks a broker for all that is shown. */
    static final DescribeMeasurementsRequest QUESTION = new DescribeMeasurementsRequest(List.of(
            TRAFFIC + "bytesin_total",
            TRAFFIC + "bytesout_total",
            TRAFFIC + "messagesin_total",
            REQUESTS,
            CONNECTIONS,
            DISK_TOTAL,
            DISK_USABLE,
            END,
            PARTITION_IN,
            PARTITION_OUT,
            LAG,
            LAG_SECONDS,
            DURATIONS));

    private final long nanos;
    private final Map<Line, Double> counters = new HashMap<>();
    private final Map<Line, Double> gauges = new HashMap<>();
    private final Map<Line, long[]> durations = new HashMap<>();
    private final Map<Traffic.Place, Partition> partitions = new HashMap<>();

    /** A replica of a partition; the bytes are counted from the start of its broker. */
    record Partition(long end, double bytesIn, double bytesOut) {}

    /** @param nanos when it was measured */
    Measured(long nanos, DescribeMeasurementsResponse response) {
        this.nanos = nanos;
        Map<String, Map<Traffic.Place, Double>> byPlace = new HashMap<>();
        for (MeasuredMetric metric : response.metrics()) {
            for (MeasuredValue value : metric.values()) {
                switch (metric.name()) {
                    case END, PARTITION_IN, PARTITION_OUT ->
                        byPlace.computeIfAbsent(metric.name(), name -> new HashMap<>())
                                .put(place(value.labels()), value.value());
                    default -> add(metric.name(), value);
                }
            }
        }
        byPlace.getOrDefault(END, Map.of())
                .forEach((place, end) -> partitions.put(
                        place,
                        new Partition(
                                end.longValue(),
                                byPlace.getOrDefault(PARTITION_IN, Map.of()).getOrDefault(place, 0.0),
                                byPlace.getOrDefault(PARTITION_OUT, Map.of()).getOrDefault(place, 0.0))));
    }

    private static Traffic.Place place(List<String> labels) {
        return new Traffic.Place(labels.get(0), Integer.parseInt(labels.get(1)));
    }

    private void add(String name, MeasuredValue measured) {
        double value = measured.value();
        List<String> labels = measured.labels();
        String rate = TOPIC_RATES.get(name);
        if (rate != null) {
            counters.merge(new Line(rate, Map.of("topic", labels.getFirst())), value, Double::sum);
            return;
        }
        switch (name) {
            case REQUESTS -> counters.merge(new Line("requests", Map.of()), value, Double::sum);
            case CONNECTIONS -> gauges.merge(new Line("connections", Map.of()), value, Double::sum);
            case DISK_TOTAL -> gauges.merge(new Line("disk-used", Map.of()), value, Double::sum);
            case DISK_USABLE -> gauges.merge(new Line("disk-used", Map.of()), -value, Double::sum);
            case LAG -> lag("lag", measured);
            case LAG_SECONDS -> lag("lag-seconds", measured);
            case DURATIONS -> {
                String latency = LATENCIES.get(labels.getFirst());
                if (latency != null) {
                    durations.put(
                            new Line(latency, Map.of()),
                            measured.counts().stream()
                                    .mapToLong(Long::longValue)
                                    .toArray());
                }
            }
            default -> {
                // not in a chart
            }
        }
    }

    private void lag(String name, MeasuredValue measured) {
        String group = measured.labels().get(0);
        String topic = measured.labels().get(1);
        Line ofGroup = new Line(name, Map.of("group", group));
        gauges.merge(ofGroup, measured.value(), together(ofGroup));
        gauges.merge(new Line(name, Map.of("group", group, "topic", topic)), measured.value(), together(ofGroup));
    }

    /** How values of a gauge become one: a group waits as long as in its slowest partition, all else adds up. */
    static BinaryOperator<Double> together(Line line) {
        return line.name().equals("lag-seconds") ? Math::max : Double::sum;
    }

    long nanos() {
        return nanos;
    }

    /**
     * How much was counted since then, of each topic that was there, and of all together. That is the sum of what topics have got, and not what the sum has: it falls when a topic is deleted, or leaves the
     * broker.
     */
    Map<Line, Double> grownSince(Measured earlier) {
        Map<Line, Double> grown = new HashMap<>();
        counters.forEach((line, value) -> {
            Double was = earlier.counters.get(line);
            double more = grown(was == null ? 0 : was, value);
            if (was != null) {
                grown.put(line, more);
            }
            if (!line.labels().isEmpty()) {
                grown.merge(new Line(line.name(), Map.of()), more, Double::sum);
            }
        });
        return grown;
    }

    /** A counter grows from the start of its broker, and begins at zero when that is started anew. */
    static double grown(double was, double is) {
        return is < was ? is : is - was;
    }

    Map<Line, Double> gauges() {
        return gauges;
    }

    /** How many durations fell into each step since the start of the broker. */
    Map<Line, long[]> durations() {
        return durations;
    }

    /** Those of which the broker has a replica. */
    Map<Traffic.Place, Partition> partitions() {
        return partitions;
    }
}

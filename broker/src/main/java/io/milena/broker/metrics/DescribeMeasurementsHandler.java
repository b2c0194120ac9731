package io.milena.broker.metrics;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeMeasurementsRequest;
import io.milena.protocol.message.DescribeMeasurementsResponse;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredMetric;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredValue;
import io.milena.runtime.DurationHistogram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DescribeMeasurements, an API of Milena's own: what this broker measures now, for consoles beside other brokers of the cluster. */
public final class DescribeMeasurementsHandler implements ApiHandler<DescribeMeasurementsRequest> {
    private static final double NANOS_PER_SECOND = 1e9;

    private volatile @Nullable BrokerMetrics metrics;

    /** From now on these are told: what is measured includes the connections, which ask before it is there. */
    public void tell(BrokerMetrics told) {
        metrics = told;
    }

    @Override
    public Answer handle(DescribeMeasurementsRequest request, RequestContext context) {
        BrokerMetrics told = metrics;
        DescribeMeasurementsResponse.Builder response = DescribeMeasurementsResponse.builder();
        if (told == null) {
            return Answer.now(response.errorCode(ErrorCode.BROKER_NOT_AVAILABLE.code())
                    .errorMessage("The broker is starting.")
                    .build());
        }
        Gathered gathered = new Gathered(Set.copyOf(request.names()));
        told.read(gathered);
        List<MeasuredMetric> all = new ArrayList<>();
        gathered.values.forEach((name, values) -> all.add(new MeasuredMetric(name, values)));
        return Answer.now(response.metrics(all).build());
    }

    /** Keeps what is wanted. For one thread. */
    private static final class Gathered implements MetricSink {
        private final Set<String> wanted;
        private final Map<String, List<MeasuredValue>> values = new LinkedHashMap<>();

        Gathered(Set<String> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void value(Metric metric, double value, String... labels) {
            put(metric, value, List.of(), labels);
        }

        @Override
        public void durations(Metric metric, DurationHistogram.Snapshot durations, String... labels) {
            List<Long> counts = new ArrayList<>();
            for (int step = 0; step < durations.steps(); step++) {
                counts.add(durations.count(step));
            }
            put(metric, durations.sumNanos() / NANOS_PER_SECOND, counts, labels);
        }

        private void put(Metric metric, double value, List<Long> counts, String... labels) {
            if (wanted.contains(metric.name())) {
                values.computeIfAbsent(metric.name(), name -> new ArrayList<>())
                        .add(new MeasuredValue(List.of(labels), value, counts));
            }
        }
    }
}

package io.milena.console;

import io.milena.broker.Broker;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /metrics}: the broker's and the JVM's, in the text format of Prometheus or OpenMetrics, as the reader likes it. Read one request at a time. */
final class MetricsPage implements Page {
    private final Supplier<@Nullable Broker> broker;
    private final ReentrantLock turn = new ReentrantLock();

    MetricsPage(Supplier<@Nullable Broker> broker) {
        this.broker = broker;
    }

    /** What is loaded when the first reader comes. */
    private static final class Formats {
        static final ExpositionFormats FORMATS = ExpositionFormats.init();
        static final PrometheusRegistry JVM = new PrometheusRegistry();

        static {
            JvmMetrics.builder().register(JVM);
        }

        private Formats() {}
    }

    @Override
    public Response answer(Request request) {
        ExpositionFormatWriter writer = Formats.FORMATS.findWriter(request.accept());
        MetricSnapshots snapshots = read();
        return new Response(200, writer.getContentType(), out -> writer.write(out, snapshots));
    }

    private MetricSnapshots read() {
        turn.lock();
        try {
            PrometheusSink sink = new PrometheusSink();
            Broker measured = broker.get();
            if (measured != null) {
                measured.metrics().read(sink);
            }
            return sink.with(Formats.JVM.scrape());
        } finally {
            turn.unlock();
        }
    }
}

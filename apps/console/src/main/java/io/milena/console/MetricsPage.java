package io.milena.console;

import io.milena.broker.Broker;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /metrics}: the broker's and the JVM's, in the text format of Prometheus or OpenMetrics, as the reader likes it. Read one request at a time. */
final class MetricsPage implements Page {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final Supplier<@Nullable Broker> broker;
    private final ReentrantLock turn = new ReentrantLock();
    private final MetricsText text = new MetricsText();

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

    /** The JVM's come last: what writes them writes the end of OpenMetrics, too. */
    @Override
    public Response answer(Request request) {
        ExpositionFormatWriter jvm = Formats.FORMATS.findWriter(request.accept());
        byte[] own = read(jvm.getContentType().startsWith(OPEN_METRICS));
        return new Response(200, jvm.getContentType(), out -> {
            out.write(own);
            jvm.write(out, Formats.JVM.scrape());
        });
    }

    private byte[] read(boolean isOpenMetrics) {
        turn.lock();
        try {
            text.clear();
            Broker measured = broker.get();
            if (measured != null) {
                measured.metrics().read(text);
            }
            return text.text(isOpenMetrics);
        } finally {
            turn.unlock();
        }
    }
}

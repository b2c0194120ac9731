package io.milena.broker.metrics;

import io.milena.runtime.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The certificates that a listener shows, with those that vouch for them. */
public final class CertificateMetrics implements MetricSource {
    private static final double MS_PER_SECOND = 1000;
    private static final Metric EXPIRY = Metric.gauge(
            "milena_certificate_expiry_seconds",
            "Seconds until a certificate of the listener's key store expires; negative once it has. There is none"
                    + " without a listener that is SSL.",
            "listener",
            "subject");

    static final List<Metric> ALL = List.of(EXPIRY);

    private final List<Shown> shown;
    private final Clock clock;

    /**
     * A certificate.
     *
     * @param listener by its name
     * @param subject whose it is, as a distinguished name
     * @param expiresMs the last moment at which it is valid, in ms since 1970
     */
    public record Shown(String listener, String subject, long expiresMs) {}

    CertificateMetrics(List<Shown> shown, Clock clock) {
        this.shown = shown;
        this.clock = clock;
    }

    @Override
    public void read(MetricSink sink) {
        long nowMs = clock.millis();
        // One value for each set of labels: of a subject that has several, the first to expire counts.
        Map<String, Shown> first = new TreeMap<>();
        for (Shown each : shown) {
            first.merge(
                    each.listener + "\n" + each.subject,
                    each,
                    (one, other) -> one.expiresMs <= other.expiresMs ? one : other);
        }
        for (Shown each : first.values()) {
            sink.value(EXPIRY, (each.expiresMs - nowMs) / MS_PER_SECOND, each.listener, each.subject);
        }
    }
}

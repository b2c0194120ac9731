package io.milena.broker.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.runtime.DurationHistogram;
import io.milena.testkit.HandClock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CertificateMetricsTest {
    private static final long DAY_MS = 86_400_000;

    private final HandClock clock = new HandClock();

    private Map<String, Double> read(CertificateMetrics.Shown... shown) {
        Map<String, Double> values = new TreeMap<>();
        new CertificateMetrics(List.of(shown), clock).read(new MetricSink() {
            @Override
            public void value(Metric metric, double value, String... labels) {
                values.put(String.join(" ", labels), value);
            }

            @Override
            public void durations(Metric metric, DurationHistogram.Snapshot durations, String... labels) {
                throw new AssertionError("no duration is measured");
            }
        });
        return values;
    }

    private static CertificateMetrics.Shown shown(String subject, long days) {
        return new CertificateMetrics.Shown("SSL", subject, HandClock.START_MS + days * DAY_MS);
    }

    @Test
    void theRestGoesDownWithTheClock() {
        assertEquals(Map.of("SSL CN=a", 172_800.0), read(shown("CN=a", 2)));
        clock.advanceMs(DAY_MS);
        assertEquals(Map.of("SSL CN=a", 86_400.0), read(shown("CN=a", 2)));
        clock.advanceMs(2 * DAY_MS);
        assertEquals(Map.of("SSL CN=a", -86_400.0), read(shown("CN=a", 2)));
    }

    @Test
    void theFirstOfASubjectCounts() {
        assertEquals(
                Map.of("SSL CN=a", 86_400.0, "SSL CN=b", 172_800.0),
                read(shown("CN=a", 3), shown("CN=b", 2), shown("CN=a", 1)));
    }

    @Test
    void aListenerWithoutKeysHasNone() {
        assertEquals(Map.of(), read());
    }
}

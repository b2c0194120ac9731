package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.milena.broker.metrics.Metric;
import io.milena.runtime.DurationHistogram;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTextTest {
    private static final Metric SIZE = new Metric("size", Metric.Kind.GAUGE, "Bytes.", List.of("topic", "partition"));
    private static final Metric SEEN = new Metric("seen_total", Metric.Kind.COUNTER, "All.", List.of());
    private static final Metric TIMES = new Metric("times", Metric.Kind.HISTOGRAM, "How long.", List.of("of"));
    private static final int VALUES = 20_000;

    private final MetricsText text = new MetricsText();

    private String shown(boolean isOpenMetrics) {
        return new String(text.text(isOpenMetrics), StandardCharsets.UTF_8);
    }

    @Test
    void valuesOfOneMetricStandTogether() {
        text.value(SIZE, 5L, "orders", "0");
        text.value(SEEN, 0.25);
        text.value(SIZE, 1L << 60, "orders", "1");
        assertEquals("""
                # HELP size Bytes.
                # TYPE size gauge
                size{topic="orders",partition="0"} 5
                size{topic="orders",partition="1"} 1152921504606846976
                # HELP seen_total All.
                # TYPE seen_total counter
                seen_total 0.25
                """, shown(false));
        assertTrue(shown(true).contains("# TYPE seen counter\nseen_total 0.25\n"), shown(true));
    }

    @Test
    void numbersAreThoseOfTheFormat() {
        for (double number : new double[] {0, -1, 3.5, -0.001, 1e300, 9007199254740994d, Double.POSITIVE_INFINITY}) {
            text.clear();
            text.value(SEEN, number);
            assertEquals(number, Exposition.parse(shown(false)).samples().get("seen_total"), shown(false));
        }
        text.clear();
        text.value(SEEN, Long.MIN_VALUE);
        assertTrue(shown(false).contains("seen_total -9223372036854775808\n"), shown(false));
    }

    @Test
    void labelsMayBeAnything() {
        text.value(SIZE, 1L, "a\"b\\c\nd", "größe 雪");
        assertTrue(shown(false).contains("size{topic=\"a\\\"b\\\\c\\nd\",partition=\"größe 雪\"} 1\n"), shown(false));
    }

    @Test
    void durationsAreCountedFromBelow() {
        DurationHistogram durations = new DurationHistogram();
        durations.add(1);
        durations.add(1_000_000_000);
        text.durations(TIMES, durations.snapshot(), "reads");
        Exposition shown = Exposition.parse(shown(false));
        assertEquals("histogram", shown.types().get("times"));
        assertEquals(1, shown.samples().get("times_bucket{of=\"reads\",le=\"0.5\"}"), shown.toString());
        assertEquals(2, shown.samples().get("times_bucket{of=\"reads\",le=\"1.0\"}"));
        assertEquals(2, shown.samples().get("times_bucket{of=\"reads\",le=\"+Inf\"}"));
        assertEquals(2, shown.samples().get("times_count{of=\"reads\"}"));
        assertEquals(1.000000001, shown.samples().get("times_sum{of=\"reads\"}"));
    }

    @Test
    void whatWasShownBeforeIsGone() {
        text.value(SIZE, 5L, "orders", "0");
        text.value(SEEN, 1L);
        text.clear();
        text.value(SEEN, 2L);
        assertEquals("# HELP seen_total All.\n# TYPE seen_total counter\nseen_total 2\n", shown(false));
    }

    /** What a broker of ten thousand partitions is asked every few seconds is not to keep its garbage collector busy. */
    @Test
    void aScrapeTakesNoMemoryButItsText() {
        List<String[]> labels = IntStream.range(0, VALUES)
                .mapToObj(i -> new String[] {"topic-" + i / 10, Integer.toString(i % 10)})
                .toList();
        scrape(labels);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int length = scrape(labels);
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(length > VALUES * 30, length + " bytes");
        assertTrue(taken < length * 1.5, taken + " bytes for a text of " + length);
    }

    private int scrape(List<String[]> labels) {
        text.clear();
        for (int i = 0; i < labels.size(); i++) {
            text.value(SIZE, i, labels.get(i));
        }
        return text.text(false).length;
    }
}

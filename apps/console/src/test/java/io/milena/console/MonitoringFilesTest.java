package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.metrics.BrokerMetrics;
import io.milena.broker.metrics.Metric;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dashboard and the rules ask for is there: every metric, and every label by which they choose or sum. */
class MonitoringFilesTest {
    private static final Path DOCS = Path.of("..", "..", "docs");
    private static final Pattern NAME = Pattern.compile("\\b(?:kafka|milena|jvm|process)_[a-z0-9_]+\\b");
    private static final Pattern LABELS =
            Pattern.compile("\\bby \\(([a-z_, ]+)\\)|\\{\\{ ?(?:\\$labels\\.)?([a-z_]+) ?}}");
    /** Given by Prometheus, or by the histograms. */
    private static final Set<String> OTHER_LABELS = Set.of("instance", "job", "le");

    private static Set<String> metrics() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Metric metric : BrokerMetrics.catalog()) {
            names.add(metric.name());
            if (metric.kind() == Metric.Kind.HISTOGRAM) {
                Stream.of("_bucket", "_count", "_sum").forEach(part -> names.add(metric.name() + part));
            }
        }
        PrometheusRegistry jvm = new PrometheusRegistry();
        JvmMetrics.builder().register(jvm);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ExpositionFormats.init().getPrometheusTextFormatWriter().write(text, jvm.scrape());
        Exposition.parse(text.toString(StandardCharsets.UTF_8))
                .samples()
                .keySet()
                .forEach(sample -> names.add(sample.replaceAll("\\{.*", "")));
        return names;
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            String group = matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
            found.addAll(Set.of((group == null ? matcher.group(2) : group).split(", ?")));
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"monitoring/dashboard.json", "monitoring/alerts.yml"})
    void everyMetricAndLabelIsThere(String file) throws IOException {
        String text = Files.readString(DOCS.resolve(file));
        Set<String> names = found(NAME, text);
        assertTrue(names.size() > 8, "names found: " + names);
        names.removeAll(metrics());
        assertEquals(Set.of(), names);

        Set<String> labels = found(LABELS, text);
        BrokerMetrics.catalog().forEach(metric -> labels.removeAll(metric.labels()));
        labels.removeAll(OTHER_LABELS);
        assertEquals(Set.of(), labels);
    }

    @Test
    void everyMetricOfTheJvmThatTheReferenceNamesIsThere() throws IOException {
        String text = Files.readString(DOCS.resolve("metrics.md"));
        Set<String> names = found(Pattern.compile("\\b(?:jvm|process)_[a-z0-9_]+\\b"), text);
        Set<String> there = metrics();
        names.removeIf(name -> there.contains(name) || there.contains(name + "_count"));
        assertEquals(Set.of(), names);
    }
}

package io.milena.console;

import io.milena.broker.metrics.Metric;
import io.milena.broker.metrics.MetricSink;
import io.milena.runtime.DurationHistogram;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The values of one scrape after the other, in the text format of Prometheus or OpenMetrics. A broker with ten thousand partitions shows sixty thousand values: each is written as soon as it is read, into the text of its
 * metric, and the memory of these texts is used again. For one thread at a time.
 */
final class MetricsText implements MetricSink {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String TOTAL = "_total";

    /** Metrics are constants of the broker; they stay in the order in which they first came. */
    private final IdentityHashMap<Metric, Block> blocks = new IdentityHashMap<>();

    private final List<Block> order = new ArrayList<>();

    /** The text of one metric. What comes before each of its labels is the same in every line. */
    private static final class Block {
        private final Metric metric;
        private final byte[][] before;
        private final TextBytes lines = new TextBytes();

        Block(Metric metric) {
            this.metric = metric;
            this.before = new byte[metric.labels().size()][];
            for (int i = 0; i < before.length; i++) {
                String label = metric.labels().get(i) + "=\"";
                before[i] = (i == 0 ? metric.name() + "{" + label : "\"," + label).getBytes(StandardCharsets.UTF_8);
            }
        }

        /** The begin of a line, up to its value. */
        TextBytes line(String[] labels) {
            if (before.length == 0) {
                return lines.add(metric.name()).add(' ');
            }
            for (int i = 0; i < before.length; i++) {
                lines.add(before[i]).escaped(labels[i]);
            }
            return lines.add("\"} ");
        }
    }

    /** Begins anew. */
    void clear() {
        order.forEach(block -> block.lines.clear());
    }

    private Block block(Metric metric) {
        Block block = blocks.get(metric);
        if (block == null) {
            block = new Block(metric);
            blocks.put(metric, block);
            order.add(block);
        }
        return block;
    }

    @Override
    public void value(Metric metric, double value, String... labels) {
        block(metric).line(labels).add(value).add('\n');
    }

    @Override
    public void value(Metric metric, long value, String... labels) {
        block(metric).line(labels).add(value).add('\n');
    }

    @Override
    public void durations(Metric metric, DurationHistogram.Snapshot durations, String... labels) {
        TextBytes lines = block(metric).lines;
        String inner = inner(metric, labels);
        String bucket = metric.name() + "_bucket{" + inner + (inner.isEmpty() ? "" : ",") + "le=\"";
        long count = 0;
        for (int i = 0; i < durations.steps(); i++) {
            count += durations.count(i);
            String bound = i < durations.steps() - 1
                    ? Double.toString(durations.boundNanos(i) / NANOS_PER_SECOND) // a label: always 1.0, never 1
                    : "+Inf";
            lines.add(bucket).add(bound).add("\"} ").add(count).add('\n');
        }
        String all = inner.isEmpty() ? " " : "{" + inner + "} ";
        lines.add(metric.name()).add("_count").add(all).add(count).add('\n');
        lines.add(metric.name()).add("_sum").add(all);
        lines.add(durations.sumNanos() / NANOS_PER_SECOND).add('\n');
    }

    private static String inner(Metric metric, String[] labels) {
        TextBytes inner = new TextBytes();
        for (int i = 0; i < labels.length; i++) {
            inner.add(i == 0 ? "" : ",")
                    .add(metric.labels().get(i))
                    .add("=\"")
                    .escaped(labels[i])
                    .add('"');
        }
        return new String(inner.copy(), StandardCharsets.UTF_8);
    }

    /** All that was shown since it began anew; a metric without values is left out. OpenMetrics names counters without their ending. */
    byte[] text(boolean isOpenMetrics) {
        TextBytes head = new TextBytes();
        int length = 0;
        List<byte[]> heads = new ArrayList<>();
        for (Block block : order) {
            head.clear();
            if (block.lines.length() > 0) {
                head(block.metric, isOpenMetrics, head);
            }
            heads.add(head.copy());
            length += head.length() + block.lines.length();
        }
        byte[] text = new byte[length];
        int at = 0;
        for (int i = 0; i < order.size(); i++) {
            byte[] each = heads.get(i);
            System.arraycopy(each, 0, text, at, each.length);
            at = order.get(i).lines.copyTo(text, at + each.length);
        }
        return text;
    }

    private static void head(Metric metric, boolean isOpenMetrics, TextBytes out) {
        String name = isOpenMetrics && metric.name().endsWith(TOTAL)
                ? metric.name().substring(0, metric.name().length() - TOTAL.length())
                : metric.name();
        String kind = switch (metric.kind()) {
            case COUNTER -> "counter";
            case GAUGE -> "gauge";
            case HISTOGRAM -> "histogram";
        };
        out.add("# HELP ").add(name).add(' ').add(metric.help()).add('\n');
        out.add("# TYPE ").add(name).add(' ').add(kind).add('\n');
    }
}

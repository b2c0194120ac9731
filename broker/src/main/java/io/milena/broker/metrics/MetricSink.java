package io.milena.broker.metrics;

import io.milena.runtime.DurationHistogram;

/** Takes the values of metrics. */
public interface MetricSink {
    /** The value of a counter or gauge for these labels. */
    void value(Metric metric, double value, String... labels);

    /** The same for a number without fraction, which may lose its last digits. */
    default void value(Metric metric, long value, String... labels) {
        value(metric, (double) value, labels);
    }

    /** The values of a histogram for these labels. */
    void durations(Metric metric, DurationHistogram.Snapshot durations, String... labels);
}

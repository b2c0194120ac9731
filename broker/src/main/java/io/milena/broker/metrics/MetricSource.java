package io.milena.broker.metrics;

/** Knows metrics that belong together. Any thread may read. */
interface MetricSource {
    /** Shows every value once. */
    void read(MetricSink sink);
}

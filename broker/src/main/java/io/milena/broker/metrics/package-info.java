/**
 * What a broker measures, for monitoring: a catalog of {@link io.milena.broker.metrics.Metric metrics} and what reads them.
 *
 * <p>Counting happens where things happen ({@code ApiStatistics}, {@code TopicTraffic}, {@code ForceStatistics}, {@code ConnectionStatistics}), with adders that neither
 * wait nor allocate. This package only reads, when somebody asks: a {@link io.milena.broker.metrics.MetricSource} knows a few metrics that belong together and shows their
 * values to a {@link io.milena.broker.metrics.MetricSink}, whose format is its own business. {@link io.milena.broker.metrics.BrokerMetrics} is all of them; {@link io.milena.broker.metrics.DescribeMeasurementsHandler} tells them to
 * the consoles of other brokers.
 *
 * <p>Names: what Apache Kafka measures has the name that the usual rules of the JMX exporter give it, group lag those of the usual exporters, all else begins with
 * {@code milena_}. Every broker tells of what is on it. {@code docs/metrics.md} is written from the catalog.
 *
 * <p>Not here: HTTP and the text format ({@code apps/console}), charts.
 */
@NullMarked
package io.milena.broker.metrics;

import org.jspecify.annotations.NullMarked;

/**
 * Side-by-side runs: Apache Kafka and Milena in turn, the same client programs (Apache's own), the same load, on one machine; the ratio is what counts.
 *
 * <p>{@link io.milena.benchmarks.Bench} is the command, and each {@link io.milena.benchmarks.Benchmark} one comparison that it knows. An
 * {@link io.milena.benchmarks.Installation} is a broker's folder, a {@link io.milena.benchmarks.BrokerProcess} the broker that runs in it, whose processor time, memory and
 * files are read from {@code /proc} (so this runs on Linux); {@link io.milena.benchmarks.PerfTool} is one run of Apache's performance tools, and
 * {@link io.milena.benchmarks.Figures} the table.
 */
@NullMarked
package io.milena.benchmarks;

import org.jspecify.annotations.NullMarked;

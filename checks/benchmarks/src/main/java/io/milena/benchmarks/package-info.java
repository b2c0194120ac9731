/**
 * Side-by-side runs: Apache Kafka and Milena in turn, the same client programs (Apache's own), the same load, on one machine; the ratio is what counts.
 *
 * <p>{@link io.milena.benchmarks.SideBySide} is the command; {@link io.milena.benchmarks.BrokerProcess} one of the two brokers as a process whose processor time and memory
 * are read from {@code /proc} (so this runs on Linux); {@link io.milena.benchmarks.PerfTool} one run of Apache's performance tools.
 */
@NullMarked
package io.milena.benchmarks;

import org.jspecify.annotations.NullMarked;

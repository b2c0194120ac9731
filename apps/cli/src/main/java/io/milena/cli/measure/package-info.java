/**
 * What a cluster does, measured from outside: two {@link io.milena.cli.measure.Sample}s give {@link io.milena.cli.measure.Rates}, and these {@link io.milena.cli.measure.PartitionAdvice}.
 *
 * <p>{@link io.milena.cli.measure.Measuring} goes on span by span, for what measures once and what goes on. Only its {@code Sampler} asks brokers; the rest is arithmetic, tested as such.
 */
@NullMarked
package io.milena.cli.measure;

import org.jspecify.annotations.NullMarked;

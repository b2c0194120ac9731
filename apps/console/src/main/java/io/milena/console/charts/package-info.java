/**
 * The last hours of what is measured, in memory: rings of numbers, one for each thing and each set of labels. The memory has a bound: so many rings, each of a fixed size.
 *
 * <p>{@link io.milena.console.charts.Charts} may be used by any thread; all else belongs to it. Tested with times of the tests' own.
 */
@NullMarked
package io.milena.console.charts;

import org.jspecify.annotations.NullMarked;

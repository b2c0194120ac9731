/**
 * Why something is as it is: a partition, a group, a transaction, a request that was denied.
 *
 * <p>One class per question, without a broker: it gets what the broker was asked and answered, and gives back an {@link io.milena.cli.why.Answer}: what was looked at, step by step, what follows and what to do. {@code WhyCommand} asks the broker.
 * Tested as tables.
 */
@NullMarked
package io.milena.cli.why;

import org.jspecify.annotations.NullMarked;

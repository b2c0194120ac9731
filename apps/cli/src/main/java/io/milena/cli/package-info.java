/**
 * The {@code milena} command and the distribution.
 *
 * <p>{@link io.milena.cli.MilenaCommand} is the entry; each subcommand is a class of its own. {@code start} runs the broker in this process; all others are clients, which talk to any broker through {@link
 * io.milena.cli.client}.
 *
 * <p>Exit codes: 0 done, 1 it failed (one line on standard error says why), 2 the command line is wrong.
 */
@NullMarked
package io.milena.cli;

import org.jspecify.annotations.NullMarked;

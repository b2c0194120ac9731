/**
 * The story that {@code milena demo} plays: three brokers in this process, a producer of orders, and a group of two members that process them, until a member crashes and a broker is killed.
 *
 * <p>{@link io.milena.cli.demo.Story} is the plot, {@link io.milena.cli.demo.Orders} what is done and asked through a client, {@code Member} one member of the group on a thread of its own,
 * {@link io.milena.cli.demo.Narrator} what is shown and how fast. All clients are the small one of the command line ({@code io.milena.cli.client}); each finds another broker by itself when one is gone. Everything that is
 * shown was asked of the brokers or done by the members; nothing is told that did not happen, and a story that does not come true ends with an error.
 */
@NullMarked
package io.milena.cli.demo;

import org.jspecify.annotations.NullMarked;

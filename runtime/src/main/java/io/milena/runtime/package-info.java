/**
 * The ground that decisions and effects both stand on: time, threads, waiting and the network, as things that are given, not taken.
 *
 * <p>Everything that would make two runs of the same broker differ comes in through an {@link io.milena.runtime.Environment}: the
 * {@link io.milena.runtime.Clock}, the {@link io.milena.runtime.Threads}, the random generator and the {@link io.milena.runtime.Network}.
 * The disk is {@code java.nio.file} itself: a {@code Path} knows its file system. In production they are the machine's; in the simulator
 * ({@code checks/testkit}) one seed owns them all.
 *
 * <p>Waiting: a thread that waits for a condition does so on a {@link io.milena.runtime.Signal} with a
 * {@link io.milena.runtime.Deadline}. Nothing else in the broker waits with a time limit; {@code Thread.sleep}, {@code parkNanos} and timed
 * {@code get}, {@code await}, {@code poll} would escape the simulated clock ({@code checks/tidy} forbids them). A wait is
 * ended from outside by a {@link io.milena.runtime.Cancellation}; interrupts are for threads that touch no file. Long waits of virtual threads are timed by {@code Alarms}
 * (docs/decisions/0035).
 *
 * <p>{@link io.milena.runtime.DurationHistogram} counts how long things take, for all layers.
 *
 * <p>Not here: real sockets ({@code engine/network}), simulated anything ({@code checks/testkit}).
 */
@NullMarked
package io.milena.runtime;

import org.jspecify.annotations.NullMarked;

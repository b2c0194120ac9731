/**
 * The quorum that agrees on the metadata, as clients see and change it, and what keeps its members right: a node that starts becomes one, controllers become voters together. The consensus itself is
 * {@code engine/quorum}'s.
 *
 * <p>Threads: {@code quorum-joining}, {@code quorum-upkeep} on controllers, which rests where another one is active.
 */
@NullMarked
package io.milena.broker.quorum;

import org.jspecify.annotations.NullMarked;

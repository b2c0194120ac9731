/**
 * What must hold between any two steps of a cluster, each promise a class that is shown replicas and what clients were told. They know nothing of brokers: a {@link io.milena.simulator.invariants.Sighting} is a
 * value, so each of them is tested with histories in which it is broken.
 */
@NullMarked
package io.milena.simulator.invariants;

import org.jspecify.annotations.NullMarked;

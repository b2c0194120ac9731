/**
 * What an administrator asks of a running cluster: other brokers for a partition, other leaders, a broker less, another level of a feature. What is decided is {@code core/metadata}'s ({@link
 * io.milena.metadata.Reassignments}, {@link io.milena.metadata.LeaderElections}, {@link io.milena.metadata.BrokerChanges}, {@link io.milena.metadata.FeatureUpdates}); here requests meet it. What
 * follows for logs and replicas, all brokers learn from the metadata.
 *
 * <p>Threads: those of connections.
 */
@NullMarked
package io.milena.broker.placement;

import org.jspecify.annotations.NullMarked;

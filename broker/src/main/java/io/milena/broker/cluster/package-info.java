/**
 * What describes the cluster, and the host of its metadata.
 *
 * <p>{@link io.milena.broker.cluster.ClusterMetadata} owns the metadata image: it asks the controller ({@code core/metadata}) for a decision, appends the
 * records to the metadata log ({@code engine/quorum}), replays them and tells the partitions. Decisions are taken one at a time, under its lock; readers
 * take the published image without one.
 */
@NullMarked
package io.milena.broker.cluster;

import org.jspecify.annotations.NullMarked;

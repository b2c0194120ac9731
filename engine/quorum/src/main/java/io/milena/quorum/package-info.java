/**
 * The metadata log: where the records that change the cluster are made durable, in order.
 *
 * <p>{@link io.milena.quorum.MetadataLog} is the port. {@link io.milena.quorum.LocalMetadataLog} is the one of a single node: a directory {@code __cluster_metadata-0} with record batches in {@code <base offset>.log} and
 * snapshots in {@code <end offset>-<epoch>.checkpoint}, both in Kafka's formats. Callers append one at a time.
 *
 * <p>Records are bytes here; what they mean is {@code core/metadata}'s.
 */
@NullMarked
package io.milena.quorum;

import org.jspecify.annotations.NullMarked;

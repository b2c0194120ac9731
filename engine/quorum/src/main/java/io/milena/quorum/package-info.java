/**
 * The metadata log: where the records that change the cluster are made durable, in order. Records are bytes here; what they mean is {@code core/metadata}'s.
 *
 * <p>{@link io.milena.quorum.MetadataLog} is the port. {@link io.milena.quorum.LocalMetadataLog} is the one of a single node: a directory {@code
 * __cluster_metadata-0} in the formats of Kafka's metadata log, which Kafka's dump tool reads. {@link io.milena.quorum.InMemoryMetadataLog} keeps nothing.
 *
 * <pre>
 * 00000000000000000042.log                     record batches from offset 42 on; an append is one batch, one write, one force
 * 00000000000000000100-0000000003.checkpoint   a snapshot that stands for all offsets below 100, the last of which was of epoch 3
 * </pre>
 *
 * <p>Since nothing is appended before the last append was forced, a power cut damages the last batch at most, which nobody was told of; it is cut. Damage with
 * intact batches behind it, a gap, or a broken snapshot is an error that names file and position.
 *
 * <p>Threads: none of its own. One caller appends at a time and blocks until its records are forced; an interrupt does not break that off.
 *
 * <p>Tested by cutting a log at every byte, flipping bits, losing power at any disk operation (simulated, from seeds), and by reading files of Apache Kafka.
 *
 * <p>Not here: agreement between several nodes.
 */
@NullMarked
package io.milena.quorum;

import org.jspecify.annotations.NullMarked;

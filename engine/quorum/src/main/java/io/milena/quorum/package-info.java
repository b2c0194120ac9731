/**
 * The metadata log: where the records that change the cluster are made durable, in order. Records are bytes here; what they mean is {@code core/metadata}'s.
 *
 * <p>{@link io.milena.quorum.MetadataLog} is the port: append as the leader of an epoch, hear of what was committed, know who leads, take snapshots, change the members. Four stand behind it:
 *
 * <ul>
 *   <li>{@link io.milena.quorum.LocalMetadataLog}, that of a single node: a directory {@code __cluster_metadata-0} in the formats of Kafka's metadata log, which Kafka's dump tool
 *       reads. It needs no class of Ratis.
 *   <li>{@link io.milena.quorum.RatisMetadataLog}, that of a member of a quorum of one, three or five voters and any number of observers, on Apache Ratis.
 *   <li>{@link io.milena.quorum.InMemoryMetadataLog}, which keeps nothing.
 *   <li>a member of an {@link io.milena.quorum.InMemoryQuorum}, for several brokers in one process: one log for all members, and for each a thread on which it hears. It lasts as long as the process, whichever
 *       members are killed and opened again.
 * </ul>
 *
 * <pre>
 * __cluster_metadata-0/
 *   00000000000000000042.log                     record batches from offset 42 on; an append is one batch, one write, one force
 *   00000000000000000100-0000000003.checkpoint   a snapshot that stands for all offsets below 100, the last of which was of epoch 3
 *   quorum/CLUSTER/                              the log of a member, instead of these: Ratis' own files and, in sm/, snapshots of the same format
 *   quorum.part/                                 a migration that was not finished: it counts as nothing
 * </pre>
 *
 * <p><b>A single node.</b> Since nothing is appended before the last append was forced, a power cut damages the last batch at most, which nobody was told of; it is cut. Damage with
 * intact batches behind it, a gap, or a broken snapshot is an error that names file and position.
 *
 * <p><b>A quorum.</b> An entry in Ratis' log is one record batch, so an append is there as a whole or not at all, and it is committed when a majority of the voters has forced it. It carries the epoch
 * in which its leader decided; in an entry of another term it is void on all members alike, which fences a leader that was replaced. The epoch is Ratis' term. Offsets count
 * records, are given when an entry is handed out, and go on where a migrated log ended. A member that is too far behind gets a snapshot; each takes its own, after which the files of the log that
 * it stands for go.
 *
 * <p>Threads. A local log has none: one caller appends at a time and blocks until its records are forced. A member has Ratis' threads (gRPC's event loops, one writer of the log, one that
 * applies what is committed, one for each follower of a leader) and one named {@code metadata-listener}, the only one on which the listener hears; an append returns after it has. Interrupts break off neither.
 *
 * <p>Time of a quorum is the machine's: Ratis has no port for it, and none for the disk or the network. The simulator has a quorum of its own behind the same port.
 *
 * <p>Tested by cutting a log at every byte, flipping bits, losing power at any disk operation (simulated, from seeds), by reading files of Apache Kafka, by one contract for all four, and with
 * members of a quorum that are closed, restarted, added and removed in one process.
 *
 * <p>Not here: what a leader decides, who becomes an observer when, and the answers to clients about the quorum.
 */
@NullMarked
package io.milena.quorum;

import org.jspecify.annotations.NullMarked;

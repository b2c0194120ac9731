/**
 * Whole clusters in a world made of one seed: the brokers of production, a quorum of the world's own behind their metadata log, clients that find their leaders as Kafka's do, and all that may go wrong.
 *
 * <pre>
 * ClusterStory
 *   Machine x 3..5        disk, clock and network of one broker; its processes come and go
 *   SimulatedQuorum       what the metadata log promises, by construction; late, fenced and forgetful where it may be
 *   Diary                 idempotent writers, and readers that ask leaders and followers
 *   Committers            programs that commit offsets and are no members, or
 *   Members               of a group, by the classic protocol or that of KIP-848
 *   Copies                pipelines that copy the diary in transactions, or
 *   Values                transactions that append and poll, whose history is searched for anomalies
 *   Faults                by seed, with what repairs them
 *   Watch                 after every step: replicas that have changed, as the disks have them, to the invariants
 *   Complaints            errors that brokers log and nobody has foreseen
 * </pre>
 *
 * <p>{@link io.milena.simulator.cluster.SimulatedQuorum} stands for Apache Ratis, which cannot run here; decision 23 says what that leaves to the tests of {@code engine/quorum}.
 *
 * <p>Threads: one, as everywhere in a simulated world; it drives the clients too.
 *
 * <p>Tested by seeds that must hold, by brokers that answer too early, by running seeds twice, and by the quorum's own contract ({@code SimulatedQuorumTest}).
 */
@NullMarked
package io.milena.simulator.cluster;

import org.jspecify.annotations.NullMarked;

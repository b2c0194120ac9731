/**
 * Decisions about the cluster: topics, partitions, settings, brokers, features, producer ids.
 *
 * <p>{@link io.milena.metadata.ClusterImage} is the state: immutable, changed only by replaying Kafka's metadata records, and sharing with its predecessor what
 * did not change (persistent balanced trees), so that one change among 100,000 partitions costs microseconds. It knows which partitions a broker has without looking at the
 * others. Decisions are pure: a command and the current image give records to append, or an error and its reason. The host appends the records to the metadata log and replays
 * them; until then nothing has happened. {@link io.milena.metadata.MetadataRecords} is their byte format.
 *
 * <p>Who decides what:
 *
 * <ul>
 *   <li>{@link io.milena.metadata.Controller}: topics, settings, producer ids; on one broker, or spread over many and their racks.
 *   <li>{@link io.milena.metadata.Registrations}, {@link io.milena.metadata.BrokerHeartbeats}: brokers and controllers come, are unfenced, shut down, and go. {@link
 *       io.milena.metadata.BrokerLiveness} is what the active controller remembers of heartbeats, the only thing here that changes and that no record says.
 *   <li>{@link io.milena.metadata.BrokerChanges}: what a broker that is fenced, unfenced, going or gone means for its partitions.
 *   <li>{@link io.milena.metadata.IsrChanges}, {@link io.milena.metadata.LeaderElections}, {@link io.milena.metadata.LeaderBalance}, {@link
 *       io.milena.metadata.Reassignments}: partitions change. All of these say what they want to {@link io.milena.metadata.PartitionChange}, the one place that makes records of
 *       partition changes.
 *   <li>{@link io.milena.metadata.FeatureUpdates}: levels of features.
 * </ul>
 *
 * <p>{@code balance} plans moves for brokers that come and go; the plan is carried out by reassignments.
 *
 * <p>Settings are described by {@link io.milena.metadata.SettingCatalog}s: name, type, default, valid values and documentation in one place, for topics ({@link
 * io.milena.metadata.TopicSettingCatalog}, those of Kafka 4.4) here and for the broker where it is wired.
 *
 * <p>No threads, no I/O, no clock: time is an argument, and a deadline an answer; randomness (topic ids) is an argument too. Whatever is iterated has an order, so equal
 * images give equal decisions and snapshots.
 *
 * <p>Tested by tables of requests with the error codes that Apache Kafka answered, by stories of brokers that come and go, by the list of Kafka's topic settings, and by seeded
 * random walks: a snapshot and the rest of the records give the same image as all records; whatever anybody asks for, every partition that somebody in sync could lead is
 * led by one in sync, and epochs only grow.
 *
 * <p>Not here: the metadata log ({@code engine/quorum}); appending and publishing ({@code broker}); settings that change while a
 * broker runs, those of groups and of client metrics; access control lists, quotas and credentials, whose records are refused when read.
 */
@NullMarked
package io.milena.metadata;

import org.jspecify.annotations.NullMarked;

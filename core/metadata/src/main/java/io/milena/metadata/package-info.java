/**
 * Decisions about the cluster: topics, partitions, settings, brokers, features, producer ids.
 *
 * <p>{@link io.milena.metadata.ClusterImage} is the state: immutable, changed only by replaying Kafka's metadata records, and sharing with its predecessor what
 * did not change (persistent balanced trees), so that one change among 100,000 partitions costs microseconds. {@link io.milena.metadata.Controller} turns a
 * command and the current image into a {@link io.milena.metadata.Decision}: records to append, or an error and its reason. The host appends the records to
 * the metadata log and replays them; until then nothing has happened. {@link io.milena.metadata.MetadataRecords} is their byte format.
 *
 * <p>Settings are described by {@link io.milena.metadata.SettingCatalog}s: name, type, default, valid values and documentation in one place, for topics ({@link
 * io.milena.metadata.TopicSettingCatalog}, those of Kafka 4.4) here and for the broker where it is wired.
 *
 * <p>No threads, no I/O, no clock; randomness (topic ids) is an argument. Whatever is iterated has an order, so equal images give equal decisions and
 * snapshots.
 *
 * <p>Tested by tables of requests with the error codes that Apache Kafka answered, by the list of Kafka's topic settings, and by seeded random walks: a snapshot
 * and the rest of the records give the same image as all records.
 *
 * <p>Not here: the metadata log ({@code engine/quorum}); appending and publishing ({@code broker}); placement on several brokers; settings that change while a
 * broker runs, those of groups and of client metrics; access control lists, quotas and credentials, whose records are refused when read.
 */
@NullMarked
package io.milena.metadata;

import org.jspecify.annotations.NullMarked;

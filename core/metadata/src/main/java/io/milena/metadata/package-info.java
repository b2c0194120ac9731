/**
 * Decisions about the cluster: topics, partitions, settings, brokers, producer ids.
 *
 * <p>{@link io.milena.metadata.ClusterImage} is the state, immutable, changed only by replaying Kafka's metadata records. {@link io.milena.metadata.Controller} turns a command and the current image into a {@link
 * io.milena.metadata.Decision}: records to append, and a reply. The host appends the records to the metadata log and replays them; until then nothing has happened.
 *
 * <p>Settings are described by {@link io.milena.metadata.SettingCatalog}s: name, type, default, valid values and documentation in one place, for topics here and for the broker where it is
 * wired.
 *
 * <p>No threads, no I/O, no clock; randomness (topic ids) is an argument.
 */
@NullMarked
package io.milena.metadata;

import org.jspecify.annotations.NullMarked;

/**
 * Kafka's protocol as Java: bytes to values and back, no I/O.
 *
 * <p>The messages ({@code io.milena.protocol.message}), the coordinators' and metadata records ({@code io.milena.protocol.record}) and {@link
 * io.milena.protocol.ApiKey} are generated from Kafka's published schemas when this module is built: immutable records with {@code read}, {@code write} and a
 * {@code builder()}, for all versions. A few APIs are Milena's own, numbered from 10000 on; their schemas lie in {@code src/main/schemas}. Written by hand are the primitives they stand on:
 *
 * <pre>
 * type      encoding                                      flexible versions
 * string    int16 length, UTF-8 (null: -1)                uvarint length + 1 (null: 0), UTF-8
 * bytes     int32 length, bytes (null: -1)                uvarint length + 1 (null: 0), bytes
 * array     int32 count, elements (null: -1)              uvarint count + 1 (null: 0), elements
 * records   as bytes                                      as bytes
 * struct    its fields; nullable: int8 -1 or 1 before     the same, then its tagged fields
 * tagged    -                                             uvarint count, then each: uvarint tag, uvarint size, value
 * </pre>
 *
 * <p>{@link io.milena.protocol.WireReader} checks every length against the bytes that are left before it allocates; whatever is wrong ends in a {@link
 * io.milena.protocol.MalformedMessageException}. {@link io.milena.protocol.WireWriter} never copies records: they become a part of their own, in memory or in a file ({@link
 * io.milena.protocol.Payload}). {@link io.milena.protocol.RequestFrame} and {@link io.milena.protocol.ResponseFrame} add the headers.
 *
 * <p>Nothing here has threads. Tested against {@code kafka-clients}: every message, every version, both directions.
 */
@NullMarked
package io.milena.protocol;

import org.jspecify.annotations.NullMarked;

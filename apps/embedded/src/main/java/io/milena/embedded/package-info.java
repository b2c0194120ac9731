/**
 * A broker inside a test.
 *
 * <pre>{@code
 * try (Milena milena = Milena.start()) {
 *     var producer = new KafkaProducer<>(Map.of("bootstrap.servers", milena.bootstrapServers()), ...);
 * }
 * }</pre>
 *
 * <p>or, with JUnit, a parameter of type {@link io.milena.embedded.Milena} and {@link io.milena.embedded.MilenaExtension}. Each broker has its own port and its own
 * temporary folder, which is deleted when it is closed; several run in one JVM. No Kafka jar comes along: bring the client version you use.
 *
 * <p>An embedded broker differs from {@code milena start} where a test would otherwise wait: groups start without the initial rebalance delay,
 * internal topics are small, and {@code acks=all} answers from the page cache, because the data ends with the test (set {@code milena.durability=forced} to
 * change that).
 */
@NullMarked
package io.milena.embedded;

import org.jspecify.annotations.NullMarked;

/**
 * A broker inside a test.
 *
 * <pre>{@code
 * try (Milena milena = Milena.start()) {
 *     var producer = new KafkaProducer<>(Map.of("bootstrap.servers", milena.bootstrapServers()), ...);
 * }
 * }</pre>
 *
 * <p>or, with JUnit, {@link io.milena.embedded.EmbeddedMilena} on a test class, which declares a broker or a cluster with its topics, and says in a property where it is. Each broker has its own port and its own
 * temporary folder, which is deleted when it is closed; several run in one JVM. No Kafka jar comes along: bring the client version you use.
 *
 * <p>An embedded broker differs from {@code milena start} where a test would otherwise wait: groups start without the initial rebalance delay,
 * internal topics are small, and {@code acks=all} answers from the page cache, because the data ends with the test (set {@code milena.durability=forced} to
 * change that).
 *
 * <p>{@code Milena.cluster(3)} starts several brokers that form one cluster ({@link io.milena.embedded.MilenaCluster}). Each has its own listener, folder and threads, and what a process of its own would have to find
 * out about the others it finds out by the same means: sessions that end, connections that break, followers that are late. Only the agreement on the metadata is not that of a cluster of processes: it is in memory
 * ({@code engine/quorum}'s {@code InMemoryQuorum}), and a new active controller is found at once. Sessions of brokers and the patience with followers are 3 s where nothing else is set.
 *
 * <p>Links are between brokers: {@code Links} wraps their sockets, knows which two each connection is between, and lets nothing through while that link is cut. Clients are not affected. A broker that is killed gives
 * its threads, files and port back to the JVM, and leaves in its folder what a process leaves that is killed.
 *
 * <p>{@link io.milena.embedded.VirtualTime} is the clock of brokers in the hands of the test. {@code HeldClock} shows it, {@code ListedThreads} knows the brokers' threads, and {@code Rest} tells when they have done what a moment brought: all wait, and nothing is on a
 * {@code Wire} between two of them.
 *
 * <p>{@code ConsoleOnDemand} starts {@code apps/console} beside a broker when somebody asks where it is; no class of it is loaded before. Its charts and ages are in the brokers' time.
 */
@NullMarked
package io.milena.embedded;

import org.jspecify.annotations.NullMarked;

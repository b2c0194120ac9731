/**
 * A small synchronous Kafka client on the project's own codec, for the command line: one connection per broker, one request at a time.
 *
 * <p>{@link io.milena.cli.client.BrokerConnection} is one connection with the versions its broker serves, {@link io.milena.cli.client.ClusterClient} finds leaders and coordinators and sends each request to the right broker. Not safe for
 * use by many threads.
 */
@NullMarked
package io.milena.cli.client;

import org.jspecify.annotations.NullMarked;

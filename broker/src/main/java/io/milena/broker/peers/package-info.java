/** Connections to the other brokers of a cluster, which speak Kafka's protocol among themselves as clients do. */
@NullMarked
package io.milena.broker.peers;

import org.jspecify.annotations.NullMarked;

/**
 * TLS 1.2 and 1.3 around the connections of another network, with the JDK's {@code SSLEngine}.
 *
 * <p>{@link io.milena.network.tls.TlsSettings} are Kafka's {@code ssl.*} settings as they were given, {@link io.milena.network.tls.TlsContext} is what has been made of them: keys, trust, and the
 * certificates that are shown. {@link io.milena.network.tls.TlsNetwork} stands around a network; each of its connections shakes hands in its first read or write, on the thread that calls it, so an acceptor never
 * waits for a peer.
 *
 * <p>Threads: as {@link io.milena.runtime.Transport}, one may read while another writes. Records leave in the order in which they were sealed, so sealing and writing are one critical section.
 *
 * <p>Ends. A peer's close_notify is answered and is the end of what can be read. Our own end is that of the connection below, without a close_notify: sending one could wait for a peer that does not read, and
 * frames, which say their size, cannot be cut unnoticed. For the same reason the end of the connection below is a plain end.
 *
 * <p>Memory of a connection: one record that is being received, and one that was opened and not taken yet; what is sent is sealed in pieces of a few records.
 *
 * <p>Tested over real sockets, and over the simulated network for many seeds.
 *
 * <p>Not here: who a client is and what it may do; keys that change while the process runs.
 */
@NullMarked
package io.milena.network.tls;

import org.jspecify.annotations.NullMarked;

/**
 * Connections: from sockets to frames and back. Knows nothing of APIs: a frame is a size and that many bytes.
 *
 * <p>A {@link io.milena.network.ConnectionServer} accepts, limits and counts. Each connection has a reader and a writer, each on a virtual thread. The reader takes one frame after another and hands it to the connection's own
 * {@link io.milena.network.FrameHandler}, which does the immediate work (an append) and returns a {@link io.milena.network.Reply}. The writer waits for each reply in turn and writes it, so
 * answers leave in the order of their requests while the next request is already at work. A reply that is ready when nothing is before it is written by the reader itself, which saves a change of
 * threads; so is one that takes no longer than a disk, if the client mostly waits for each answer before it goes on (docs/decisions/0035). While a client asks
 * quickly, they go on on threads of the system, of which there are few ({@code BusyThreads}, docs/decisions/0045). At most 64 replies are outstanding: beyond that the reader stops reading, and the client feels it.
 *
 * <p>Ends. A client that closes its side is gone: what it still waits for is given up (a {@link io.milena.runtime.Cancellation}; never an interrupt, which would close segment files). A client that
 * breaks the rules ({@link io.milena.network.CloseConnection}) gets the answers that are due, and one line goes into the log. File parts of replies are released exactly once, also when the
 * connection dies before their turn.
 *
 * <p>Memory. A frame's size is checked before anything is allocated for it. Unproven clients get memory as their bytes arrive ({@code FrameReader}); all frames together are bounded, and whoever
 * finds the bound reached waits ({@code FrameBuffers}).
 *
 * <p>TLS is a {@link io.milena.runtime.Transport} around another one ({@code io.milena.network.tls}); nothing here knows of it but the line in the log when the ends could not agree
 * ({@link io.milena.network.HandshakeException}). A handshake is part of the first read: a peer that does not finish it is as idle as one that sends no request. SASL is a state of the {@code FrameHandler}.
 *
 * <p>Tested over real sockets on the loopback and, in the simulated world of {@code checks/testkit}, over its network for many seeds.
 *
 * <p>Not here: requests, responses, quotas (the broker), simulated networks ({@code checks/testkit}).
 */
@NullMarked
package io.milena.network;

import org.jspecify.annotations.NullMarked;

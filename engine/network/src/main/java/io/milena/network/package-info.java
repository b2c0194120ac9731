/**
 * Connections: from sockets to frames and back. Knows nothing of APIs: a frame is a size and that many bytes.
 *
 * <p>{@link io.milena.network.ConnectionServer} accepts and limits. Each {@link io.milena.network.Connection} has two virtual threads: the reader takes one frame after another and hands it to the {@link
 * io.milena.network.FrameHandler}; the writer waits for each {@link io.milena.network.Reply} in turn and writes it, so answers leave in the order of their requests while the next request is already at
 * work. The number of replies outstanding is bounded: beyond it the reader stops reading, and the client feels it.
 *
 * <p>A frame's size is checked before anything is allocated for it, and all frames in memory together are bounded ({@link io.milena.network.FrameBuffers}). A client that breaks the rules loses its connection,
 * with one line in the log; nobody else notices.
 *
 * <p>{@link io.milena.network.SocketNetwork} is the real network; the simulated one is in {@code checks/testkit}.
 */
@NullMarked
package io.milena.network;

import org.jspecify.annotations.NullMarked;

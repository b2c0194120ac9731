package io.milena.network;

import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Network;
import io.milena.runtime.Signal;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A listener and the connections that came through it. */
public final class ConnectionServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConnectionServer.class.getName());
    private static final long SWEEP_MS = 10_000;
    private static final long NANOS_PER_MS = 1_000_000;

    private final Network.Listener listener;
    private final FrameHandler.Factory handlers;
    private final Limits limits;
    private final Environment environment;
    private final FrameBuffers buffers;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong names = new AtomicLong();
    private final Signal stopping = new Signal();
    private volatile boolean isStopping;

    /**
     * What clients may take.
     *
     * @param frameBytesMax {@code socket.request.max.bytes}
     * @param queuedBytesMax {@code queued.max.request.bytes}: of all requests being read or handled
     * @param connectionsMax {@code max.connections}
     * @param idleMs {@code connections.max.idle.ms}
     */
    public record Limits(int frameBytesMax, long queuedBytesMax, int connectionsMax, long idleMs) {}

    private ConnectionServer(
            Network.Listener listener, FrameHandler.Factory handlers, Limits limits, Environment environment) {
        this.listener = listener;
        this.handlers = handlers;
        this.limits = limits;
        this.environment = environment;
        this.buffers = new FrameBuffers(limits.queuedBytesMax());
    }

    /** Starts to accept connections. */
    public static ConnectionServer start(
            Network.Listener listener, FrameHandler.Factory handlers, Limits limits, Environment environment) {
        ConnectionServer server = new ConnectionServer(listener, handlers, limits, environment);
        environment.threads().start("acceptor", server::accept);
        environment.threads().start("idle-sweeper", server::sweep);
        return server;
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    private void accept() {
        while (!isStopping) {
            try {
                serve(listener.accept());
            } catch (IOException e) {
                if (!isStopping) {
                    LOG.log(Level.WARNING, "Cannot accept a connection: {0}", e.getMessage());
                    pause();
                }
            }
        }
    }

    /** Out of descriptors, most likely: trying again at once would only burn the processor. */
    private void pause() {
        try {
            stopping.await(() -> isStopping, Deadline.afterMs(environment.clock(), 100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Transport transport) throws IOException {
        if (connections.size() >= limits.connectionsMax()) {
            LOG.log(
                    Level.WARNING,
                    "Refusing {0}: there are {1} connections, max.connections",
                    transport.remoteAddress(),
                    connections.size());
            transport.close();
            return;
        }
        FrameHandler handler = handlers.handlerFor(transport.localAddress(), transport.remoteAddress());
        Connection connection =
                new Connection(transport, handler, buffers, environment.clock(), limits.frameBytesMax());
        connections.add(connection);
        long name = names.incrementAndGet();
        environment.threads().start("reader-" + name, () -> run(connection::read, connection));
        environment.threads().start("writer-" + name, () -> {
            run(connection::write, connection);
            connections.remove(connection);
        });
    }

    @FunctionalInterface
    private interface Loop {
        void run() throws InterruptedException;
    }

    private static void run(Loop loop, Connection connection) {
        try {
            loop.run();
        } catch (InterruptedException e) {
            connection.close();
            Thread.currentThread().interrupt();
        }
    }

    private void sweep() {
        try {
            while (!stopping.await(
                    () -> isStopping, Deadline.afterMs(environment.clock(), Math.min(SWEEP_MS, limits.idleMs())))) {
                for (Connection connection : connections) {
                    if (connection.idleNanos() > limits.idleMs() * NANOS_PER_MS) {
                        connection.close();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops accepting, and ends all connections. */
    @Override
    public void close() {
        isStopping = true;
        stopping.raise();
        try {
            listener.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Closing a listener", e);
        }
        connections.forEach(Connection::close);
    }
}

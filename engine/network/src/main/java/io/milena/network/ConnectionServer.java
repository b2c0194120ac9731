package io.milena.network;

import io.milena.runtime.Cancellation;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Network;
import io.milena.runtime.Signal;
import io.milena.runtime.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/** A listener and the connections that came through it. */
public final class ConnectionServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConnectionServer.class.getName());
    private static final long SWEEP_MS = 10_000;
    private static final long ACCEPT_AGAIN_MS = 100;

    /** Long enough for a forced append or a default long poll. */
    private static final long FINISH_MS = 500;

    /** A thread that has not ended by then is stuck in something that cannot be cancelled, such as a disk that does not answer. */
    private static final long CLOSE_MS = 5_000;

    private final Network.Listener listener;
    private final FrameHandler.Factory handlers;
    private final Limits limits;
    private final Environment environment;
    private final FrameBuffers buffers;
    private final BusyThreads busyThreads;
    private final ConnectionStatistics statistics = new ConnectionStatistics();
    private final ClientCounts clients = new ClientCounts();

    /** By number, so in the order in which they came. */
    private final Map<Long, Connection> connections = new ConcurrentSkipListMap<>();

    private final Signal changed = new Signal();
    private final Cancellation stop = new Cancellation();
    private final Thread acceptor;
    private final Thread sweeper;
    private volatile boolean isStopping;

    /**
     * What clients may take.
     *
     * @param frameBytesMax {@code socket.request.max.bytes}
     * @param queuedBytesMax {@code queued.max.request.bytes}: of all requests being read or handled
     * @param connectionsMax {@code max.connections}
     * @param connectionsPerAddressMax {@code max.connections.per.ip}
     * @param idleMs {@code connections.max.idle.ms}; negative is for ever
     */
    public record Limits(
            int frameBytesMax, long queuedBytesMax, int connectionsMax, int connectionsPerAddressMax, long idleMs) {
        /** Any number of connections from one address. */
        public Limits(int frameBytesMax, long queuedBytesMax, int connectionsMax, long idleMs) {
            this(frameBytesMax, queuedBytesMax, connectionsMax, Integer.MAX_VALUE, idleMs);
        }
    }

    private ConnectionServer(
            Network.Listener listener, FrameHandler.Factory handlers, Limits limits, Environment environment) {
        this.listener = listener;
        this.handlers = handlers;
        this.limits = limits;
        this.environment = environment;
        this.buffers = new FrameBuffers(limits.queuedBytesMax());
        this.busyThreads = new BusyThreads(environment.threads());
        this.acceptor = environment.threads().start("acceptor", this::accept);
        this.sweeper = environment.threads().start("idle-sweeper", () -> stop.run(this::sweep));
    }

    /** Starts to accept connections. */
    public static ConnectionServer start(
            Network.Listener listener, FrameHandler.Factory handlers, Limits limits, Environment environment) {
        return new ConnectionServer(listener, handlers, limits, environment);
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    public ConnectionStatistics statistics() {
        return statistics;
    }

    private void accept() {
        boolean hasFailed = false;
        while (!isStopping) {
            try {
                admit(listener.accept());
                hasFailed = false;
            } catch (IOException e) {
                if (!isStopping && !hasFailed) {
                    LOG.log(Level.WARNING, "Cannot accept connections: {0}", e.getMessage());
                }
                hasFailed = true;
                pause();
            }
        }
    }

    /** Out of descriptors, most likely: trying again at once would only burn the processor. */
    private void pause() {
        try {
            changed.await(() -> isStopping, Deadline.afterMs(environment.clock(), ACCEPT_AGAIN_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(Transport transport) throws IOException {
        String address = transport.remoteAddress().getHostString();
        String refusal = clients.enter(address, limits.connectionsMax(), limits.connectionsPerAddressMax());
        if (refusal != null) {
            LOG.log(Level.WARNING, "Refusing {0}: {1}", transport.remoteAddress(), refusal);
            statistics.connectionRefused();
            transport.close();
            return;
        }
        statistics.connectionAccepted();
        long number = statistics.accepted();
        String name = "connection-" + number;
        environment.threads().start(name, () -> {
            try {
                serve(transport, number, name);
            } finally {
                clients.leave(address);
                statistics.connectionEnded();
                changed.raise();
            }
        });
    }

    private void serve(Transport transport, long number, String name) {
        Connection connection;
        try {
            connection = connection(transport);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Cannot serve " + transport.remoteAddress(), e);
            close(transport);
            return;
        }
        connections.put(number, connection);
        try {
            if (isStopping) {
                connection.finish();
            }
            connection.serve(environment.threads(), busyThreads, name);
        } finally {
            connections.remove(number);
        }
    }

    private Connection connection(Transport transport) {
        Activity activity = new Activity(environment.clock());
        return new Connection(
                transport,
                handlers.handlerFor(transport.localAddress(), transport.remoteAddress()),
                new FrameReader(transport, buffers, activity, statistics, limits.frameBytesMax()),
                new PayloadWriter(transport, activity, statistics),
                activity,
                new Pace(environment.clock()));
    }

    private static void close(Closeable closed) {
        try {
            closed.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Closing {0}: {1}", closed, e.getMessage());
        }
    }

    private void sweep() {
        long idleNanos = limits.idleMs() < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(limits.idleMs());
        long intervalMs = limits.idleMs() < 0 ? SWEEP_MS : Math.clamp(limits.idleMs(), 1, SWEEP_MS);
        try {
            while (true) {
                environment.clock().sleepMs(intervalMs);
                for (Connection connection : connections.values()) {
                    if (connection.isStale(idleNanos)) {
                        connection.close();
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.TRACE, "No more sweeping");
        }
    }

    /** Stops to accept, answers what is being handled for half a second, then ends all connections. No thread of the server is left. */
    @Override
    public void close() {
        close(FINISH_MS);
    }

    /** Ends all connections at once, whatever is being handled. No thread of the server is left. */
    public void abort() {
        close(0);
    }

    private void close(long patienceMs) {
        isStopping = true;
        stop.request();
        changed.raise();
        close(listener);
        try {
            acceptor.join();
            if (patienceMs > 0) {
                connections.values().forEach(Connection::finish);
            }
            if (!awaitEnd(patienceMs)) {
                connections.values().forEach(Connection::close);
            }
            if (!awaitEnd(CLOSE_MS)) {
                LOG.log(Level.WARNING, "{0} connections are still at work; going on without them", statistics.open());
            }
            sweeper.join();
        } catch (InterruptedException e) {
            connections.values().forEach(Connection::close);
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitEnd(long patienceMs) throws InterruptedException {
        return changed.await(() -> statistics.open() == 0, Deadline.afterMs(environment.clock(), patienceMs));
    }
}

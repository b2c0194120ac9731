package io.milena.testkit;

import io.milena.runtime.Deadline;
import io.milena.runtime.Network;
import io.milena.runtime.Signal;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.Deque;

/** A listening port of one process, with a bounded backlog. */
final class SimulatedListener implements Network.Listener {
    private static final int BACKLOG = 50;

    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final InetSocketAddress address;
    private final Signal changed = new Signal();
    private final Deque<SimulatedTransport> backlog = new ArrayDeque<>();
    private boolean isClosed;

    SimulatedListener(SimulatedNetwork network, SimulatedProcess process, InetSocketAddress address) {
        this.network = network;
        this.process = process;
        this.address = address;
    }

    SimulatedProcess process() {
        return process;
    }

    /** Whether the connection found room in the backlog. */
    boolean offer(SimulatedTransport serverEnd) {
        if (isClosed || backlog.size() >= BACKLOG) {
            return false;
        }
        backlog.add(serverEnd);
        changed.raise();
        return true;
    }

    @Override
    public Transport accept() throws IOException {
        try {
            changed.await(() -> isClosed || !backlog.isEmpty(), Deadline.never());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new ClosedByInterruptException();
        }
        if (isClosed) {
            throw new AsynchronousCloseException();
        }
        return backlog.removeFirst();
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            network.closed(this);
            backlog.forEach(SimulatedTransport::close);
            backlog.clear();
            changed.raise();
        }
    }
}

package io.milena.broker.controller;

import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RegisterBrokerRecord.BrokerEndpoint;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Network;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Finds out for a new active controller whether the process of a broker is gone of which it has not heard: nobody listens where that is reached, or a connection to it breaks. A process that stands still has
 * its connections kept by its kernel, and a machine that is cut off says nothing; neither is gone. One thread, until it is closed or has found that out.
 */
final class BrokerProbe implements Runnable, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BrokerProbe.class.getName());
    /** A refusal comes at once. Later, the same exception says that nobody has answered at all. */
    private static final long REFUSAL_MS_MAX = 5_000;

    private final RegisterBrokerRecord broker;
    private final long delayMs;
    private final Network network;
    private final Clock clock;
    private final Runnable whenGone;
    private final Thread thread;
    private volatile boolean isGone;
    private volatile boolean isClosed;

    /**
     * Of one broker.
     *
     * @param delayMs after which it begins
     * @param whenGone run at most once, on its thread, when {@link #isGone} has become true
     */
    BrokerProbe(
            RegisterBrokerRecord broker, long delayMs, Network network, Environment environment, Runnable whenGone) {
        this.broker = broker;
        this.delayMs = delayMs;
        this.network = network;
        this.clock = environment.clock();
        this.whenGone = whenGone;
        this.thread = environment.threads().start("broker-probe-" + broker.brokerId(), this);
    }

    long brokerEpoch() {
        return broker.brokerEpoch();
    }

    /** Whether the process is gone, as far as was found out by now. */
    boolean isGone() {
        return isGone;
    }

    @Override
    public void run() {
        try {
            clock.sleepMs(delayMs);
            if (!isClosed && !broker.endPoints().isEmpty() && findsNobody() && !isClosed) {
                LOG.log(Level.INFO, "The process of broker {0} is gone", broker.brokerId());
                isGone = true;
                whenGone.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for that; false if nothing is to be learnt. */
    private boolean findsNobody() {
        BrokerEndpoint endpoint = broker.endPoints().getFirst();
        Deadline refusal = Deadline.afterMs(clock, REFUSAL_MS_MAX);
        try (Transport transport =
                network.connect(InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port()))) {
            awaitEnd(transport);
            return true;
        } catch (ConnectException e) {
            return !refusal.isPast();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Broker {0} is not reached: {1}", broker.brokerId(), e.getMessage());
            return false;
        }
    }

    /** Nothing was asked, so nothing comes but the end. */
    private void awaitEnd(Transport transport) {
        ByteBuffer nothing = ByteBuffer.allocate(1);
        try {
            while (transport.read(nothing) >= 0) {
                nothing.clear();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The connection to broker {0} has broken: {1}", broker.brokerId(), e.getMessage());
        }
    }

    /** The broker has been heard of, or that is of interest no more. */
    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
    }
}

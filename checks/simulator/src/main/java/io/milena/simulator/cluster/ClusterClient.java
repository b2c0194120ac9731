package io.milena.simulator.cluster;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.runtime.Clock;
import io.milena.simulator.History;
import io.milena.simulator.WireClient;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A client program of a cluster: it works until something goes wrong, looks around, and goes on, until its work is done. Two threads: one works, one ends what takes too long. */
abstract class ClusterClient {
    private static final long PAUSE_MS_MAX = 100;
    private static final long PATIENCE_MS = 1_500;
    private static final long LOOK_MS = 250;

    private final SimulatedEnvironment world;
    private final Clock clock;
    private final Contact contact;
    private volatile boolean isDone;

    /** For decisions of the client. */
    final RandomGenerator random;

    ClusterClient(SimulatedEnvironment world, List<Integer> brokers) {
        this.world = world;
        this.clock = world.clock();
        this.random = world.random();
        this.contact = new Contact(world.test().network(), brokers, world.random());
    }

    void start(String name) {
        world.environment().threads().start(name, this::run);
        world.environment().threads().start(name + "-patience", this::lookAtTheTime);
    }

    boolean isDone() {
        return isDone;
    }

    public long nowMs() {
        return clock.millis();
    }

    /** Does nothing for a while. */
    public void rest(long maxMs) throws IOException {
        try {
            clock.sleepMs(random.nextLong(maxMs));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void run() {
        try {
            while (!isDone) {
                try {
                    isDone = work();
                } catch (IOException e) {
                    contact.disconnect();
                }
                if (!isDone) {
                    clock.sleepMs(1 + random.nextLong(PAUSE_MS_MAX));
                }
            }
            contact.disconnect();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAtTheTime() {
        try {
            while (!isDone) {
                clock.sleepMs(LOOK_MS);
                contact.endOverdue(clock.nanos(), PATIENCE_MS);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Works as far as it can; whether all is done. */
    abstract boolean work() throws IOException;

    Contact.@Nullable Leader leader(String topic, int partition) throws IOException {
        return contact.leader(topic, partition, clock.nanos());
    }

    void heardOf(String topic, int partition, int leaderEpoch) {
        contact.heardOf(topic, partition, leaderEpoch);
    }

    int anyBroker() {
        return contact.anyBroker();
    }

    WireClient to(int broker) throws IOException {
        return contact.to(broker);
    }

    <R extends ApiMessage> R receive(WireClient connection, Class<R> type) throws IOException {
        return contact.receive(connection, clock.nanos(), type);
    }

    <R extends ApiMessage> R ask(int broker, ApiMessage request, int version, Class<R> type) throws IOException {
        return contact.ask(broker, clock.nanos(), request, version, type);
    }

    /** Ends all connections: what is on its way on them is not heard any more. */
    void disconnect() {
        contact.disconnect();
    }

    /** Whether all is well; what may be tried again is not, and anything else is a broken promise. */
    static boolean isWell(short code, String what, ErrorCode... expected) {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE && !List.of(expected).contains(error)) {
            throw new History.Violation(what + " was refused: " + error);
        }
        return error == ErrorCode.NONE;
    }
}

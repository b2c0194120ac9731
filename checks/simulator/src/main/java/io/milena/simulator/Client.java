package io.milena.simulator;

import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** A client program: it connects, works until the connection breaks, and connects again, until its work is done. */
abstract class Client {
    private static final long PAUSE_MS = 20;

    private final SimulatedEnvironment world;
    private final Environment environment;
    private final Signal never = new Signal();
    private volatile boolean isDone;

    /** For decisions of the client. */
    final RandomGenerator random;

    Client(SimulatedEnvironment world) {
        this.world = world;
        this.environment = world.environment();
        this.random = world.random();
    }

    void start(String name) {
        environment.threads().start(name, this::run);
    }

    boolean isDone() {
        return isDone;
    }

    long nowMs() {
        return environment.clock().millis();
    }

    /** Does nothing for a while. */
    void rest(long maxMs) throws IOException {
        try {
            environment.clock().sleepMs(1 + random.nextLong(maxMs));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void run() {
        try {
            while (!isDone) {
                try (WireClient connection = WireClient.connect(world.test().network())) {
                    isDone = work(connection);
                } catch (IOException e) {
                    // The broker is gone; it comes back.
                }
                if (!isDone) {
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause() throws InterruptedException {
        never.await(() -> false, Deadline.afterMs(environment.clock(), 1 + random.nextLong(PAUSE_MS)));
    }

    /**
     * Works over one connection.
     *
     * @return whether all is done; otherwise a new connection is made after a pause
     */
    abstract boolean work(WireClient connection) throws IOException;
}

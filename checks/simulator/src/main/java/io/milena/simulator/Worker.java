package io.milena.simulator;

import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;

/** A client program of one broker that does some work. */
final class Worker extends Client {
    private final Work work;

    Worker(SimulatedEnvironment world, Work work) {
        super(world);
        this.work = work;
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        return work.go(new OneBroker(connection, this));
    }
}

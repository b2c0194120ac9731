package io.milena.simulator;

import java.io.IOException;

/** What a client program does, whatever runs the brokers. */
public interface Work {
    /**
     * Works as far as it can.
     *
     * @return whether all is done; otherwise the client looks around, and begins anew
     */
    boolean go(Brokers brokers) throws IOException;
}

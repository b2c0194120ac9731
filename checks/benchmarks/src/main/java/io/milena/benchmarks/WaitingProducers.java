package io.milena.benchmarks;

import java.io.IOException;

/** Producers that each wait for an acknowledgement before they send the next record: what services do that answer somebody, and what group commit is for. */
interface WaitingProducers extends AutoCloseable {
    /** Records acknowledged a second, during so many seconds. */
    double recordsPerSecond(int seconds) throws InterruptedException;

    @Override
    void close() throws IOException;
}

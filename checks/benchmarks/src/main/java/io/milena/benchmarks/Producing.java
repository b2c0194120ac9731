package io.milena.benchmarks;

import java.io.IOException;

/** Producers that are sending. */
interface Producing extends AutoCloseable {
    /** Records acknowledged a second, during so many seconds from now. */
    double recordsPerSecond(int seconds) throws InterruptedException;

    @Override
    void close() throws IOException;
}

package io.milena.benchmarks;

/** One comparison: what is done with a broker, and which figures that yields. The command runs it with both brokers in turn. */
interface Benchmark {
    /** Measures one broker once, from an empty folder on. */
    void measure(Peer peer, Figures figures) throws Exception;

    /** What is said beneath the table. */
    default String afterword() throws Exception {
        return "";
    }
}

package io.milena.benchmarks;

/** One comparison: what is done with each broker, and which figures that yields. */
interface Benchmark {
    /** Measures every broker once, from an empty folder on. */
    void measure(Figures figures) throws Exception;

    /** One that runs a single broker at a time, one after the other. */
    interface InTurn extends Benchmark {
        /** Measures one broker once, from an empty folder on. */
        void measure(Peer peer, Figures figures) throws Exception;

        @Override
        default void measure(Figures figures) throws Exception {
            for (Peer peer : Peer.values()) {
                System.err.println(peer);
                measure(peer, figures);
            }
        }
    }

    /** What is said beneath the table. */
    default String afterword() throws Exception {
        return "";
    }
}

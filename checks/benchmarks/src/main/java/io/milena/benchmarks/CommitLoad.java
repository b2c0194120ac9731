package io.milena.benchmarks;

import java.io.IOException;

/** Who produces with {@code acks=all}, and how. */
record CommitLoad(String name, Start start) {
    @FunctionalInterface
    interface Start {
        Producing producing(String address, String topic, int partitions) throws IOException;
    }

    /** One producer that sends as fast as it may. */
    static CommitLoad streaming(String name, int batchBytes) {
        return new CommitLoad(name, (address, topic, _) -> new StreamingProducer(address, topic, batchBytes));
    }
}

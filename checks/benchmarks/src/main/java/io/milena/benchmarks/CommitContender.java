package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A broker that is asked to commit what others are asked for in turn. */
record CommitContender(Installation installation, BrokerProcess broker, Client client) implements AutoCloseable {
    private static final int SETTLE_SECONDS = 1;
    private static final int RECORD_BYTES = 1024;

    static CommitContender start(Peer peer, Path repository, Map<String, String> settings) throws Exception {
        Installation installation = Installation.create(peer, repository, settings);
        BrokerProcess broker = installation.start();
        return new CommitContender(installation, broker, new Client(broker.address()));
    }

    void create(String topic, int partitions) throws Exception {
        client.createTopic(topic, partitions);
        client.awaitEnd(topic, partitions, 0);
    }

    /** On a disk that has nothing left to write. */
    Measured produce(CommitLoad load, String topic, int partitions, int seconds) throws Exception {
        PageCache.write();
        try (Producing producing = load.start().producing(broker.address(), topic, partitions)) {
            producing.recordsPerSecond(SETTLE_SECONDS);
            double before = broker.cpuSeconds();
            double rate = producing.recordsPerSecond(seconds);
            double bytes = rate * seconds * RECORD_BYTES;
            return new Measured(rate, (broker.cpuSeconds() - before) / bytes * 1e9);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        broker.close();
        installation.close();
    }

    /** One turn's figures. */
    record Measured(double recordsPerSecond, double cpuSecondsPerGb) {
        void note(String name, Peer peer, Figures figures) {
            figures.note(name + "records/s", peer, recordsPerSecond);
            figures.note(name + "broker CPU-s/GB", peer, cpuSecondsPerGb);
        }
    }
}

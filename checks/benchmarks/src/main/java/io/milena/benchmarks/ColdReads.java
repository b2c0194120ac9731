package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a consumer that reads old data from the disk disturbs those who produce: the latency of a steady producer alone, and while another topic of the same
 * broker is read from its beginning, once, at full speed. The reader is a process of low priority: it stands for one on another machine, and shall take the disk and the
 * broker, not the processors.
 */
final class ColdReads implements Benchmark {
    private static final int PARTITIONS = 6;
    private static final long OLD_BYTES = 4L << 30;
    private static final int OLD_RECORD_BYTES = 8192;
    private static final int WARM_UP_SECONDS = 10;
    private static final int ALONE_SECONDS = 15;
    private static final int READING_SECONDS_MAX = 60;

    private final Path repository;
    private final long oldBytes;
    private final PerfTool perf;
    private boolean isCold = true;

    ColdReads(Path repository, double scale) {
        this.repository = repository;
        this.oldBytes = (long) (OLD_BYTES * scale);
        this.perf = PerfTool.of(repository);
    }

    @Override
    public String afterword() {
        return isCold
                ? ""
                : "The page cache could not be dropped (that takes root), so the old data came from memory.\n";
    }

    @Override
    public void measure(Peer peer, Figures figures) throws Exception {
        try (Installation installation = Installation.create(peer, repository);
                BrokerProcess broker = installation.start();
                Client client = new Client(broker.address())) {
            client.createTopic("tail", PARTITIONS);
            client.createTopic("old", PARTITIONS);
            perf.produce(
                    broker.address(),
                    "old",
                    new Load("old", oldBytes / OLD_RECORD_BYTES, OLD_RECORD_BYTES, "all", 131_072));
            try (SteadyProducer tail = new SteadyProducer(broker.address(), "tail")) {
                measure(peer, broker, tail, figures);
            }
        }
    }

    private void measure(Peer peer, BrokerProcess broker, SteadyProducer tail, Figures figures) throws Exception {
        try (Reader reader = Reader.start(broker.address())) {
            tail.produce(WARM_UP_SECONDS, reader::isReading);
            reader.awaitEnd();
        }
        isCold &= PageCache.drop();
        Latencies alone = tail.produce(ALONE_SECONDS, () -> true);
        note("alone", peer, alone, figures);
        double cpu = broker.cpuSeconds();
        long read = broker.bytesReadFromDisk();
        try (Reader reader = Reader.start(broker.address())) {
            Latencies beside = tail.produce(READING_SECONDS_MAX, reader::isReading);
            note("while old data is read", peer, beside, figures);
            figures.note("change of p99, %", peer, (beside.millis(0.99) / alone.millis(0.99) - 1) * 100);
            figures.note("old data read, MiB/s", peer, reader.awaitEnd());
        }
        figures.note(
                "old data that came from the disk, %", peer, (broker.bytesReadFromDisk() - read) * 100.0 / oldBytes);
        figures.note("broker CPU-s while old data is read", peer, broker.cpuSeconds() - cpu);
    }

    private static void note(String when, Peer peer, Latencies latencies, Figures figures) {
        figures.note("produce " + when + ": p50 ms", peer, latencies.millis(0.5));
        figures.note("produce " + when + ": p99 ms", peer, latencies.millis(0.99));
        figures.note("produce " + when + ": p99.9 ms", peer, latencies.millis(0.999));
    }

    /** A {@link TopicReader} in a process of its own. */
    private record Reader(Process process, java.io.BufferedReader output) implements AutoCloseable {
        /** Returns when the first records have come. */
        static Reader start(String address) throws Exception {
            List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512M",
                    "-cp",
                    System.getProperty("java.class.path"),
                    TopicReader.class.getName(),
                    address,
                    "old",
                    Integer.toString(PARTITIONS)));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Reader reader = new Reader(process, process.inputReader());
            reader.line();
            return reader;
        }

        boolean isReading() {
            return process.isAlive();
        }

        /** Waits until all is read, and answers how fast that was, in MiB/s. */
        double awaitEnd() throws Exception {
            return Double.parseDouble(line());
        }

        private String line() throws Exception {
            String line = output.readLine();
            if (line == null) {
                throw new IllegalStateException("the reader of old data ended early");
            }
            return line;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}

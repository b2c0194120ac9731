package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Whether a consumer that reads old data from the disk disturbs those who produce: the latency of a steady producer, which sends every record at once (linger.ms=0) or has the client's defaults,
 * alone and while another topic of the same broker is read from the disk at full speed. Both clients stand for ones on another machine: the reader takes the disk and the broker, not the processors, and the producer waits for
 * the broker, not for a processor of its own.
 */
final class ColdReads implements Benchmark.InTurn {
    private static final int PARTITIONS = 6;
    private static final long OLD_BYTES = 6L << 30;
    private static final int OLD_RECORD_BYTES = 8192;
    /** Some of what is measured is compiled late. */
    private static final int WARM_UP_TURNS = 8;

    private static final int TURNS = 32;
    private static final int TURN_SECONDS = 1;
    private static final int SETTLE_SECONDS = 1;

    private final Path repository;
    private final int turns;
    private final PerfTool perf;
    private boolean isFirst = true;

    ColdReads(Path repository, double scale) {
        this.repository = repository;
        this.turns = (int) Math.max(1, TURNS * scale);
        this.perf = PerfTool.of(repository);
    }

    @Override
    public String afterword() {
        return isFirst
                ? ""
                : "The producers could not be put before others (that takes root), so they waited for processors that the broker or the reader had.\n";
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
                    new Load("old", OLD_BYTES / OLD_RECORD_BYTES, OLD_RECORD_BYTES, "all", 131_072));
            try (Tail single = new Tail("linger.ms=0", broker.address(), Map.of("linger.ms", 0));
                    Tail usual = new Tail("client's defaults", broker.address(), Map.of())) {
                measure(peer, broker, installation.segments("old"), List.of(single, usual), figures);
            }
        }
    }

    private void measure(Peer peer, BrokerProcess broker, List<Path> old, List<Tail> tails, Figures figures)
            throws Exception {
        isFirst &= OtherMachine.first("kafka-producer-network-thread");
        try (Reader reader = Reader.start(broker.address())) {
            for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
                take(broker, old, reader, tails);
            }
            tails.forEach(Tail::forget);
            double cpu = broker.cpuSeconds();
            for (int turn = 0; turn < turns; turn++) {
                take(broker, old, reader, tails);
            }
            figures.note("broker CPU-s, half of the time with a reader", peer, broker.cpuSeconds() - cpu);
        }
        tails.forEach(tail -> tail.note(peer, figures));
    }

    /**
     * Each producer alone, and beside the reader, which finds nothing in memory. What else happens on the machine or its disk falls on both alike, and the median of many short turns does not hear of
     * the few in which something did.
     */
    private static void take(BrokerProcess broker, List<Path> old, Reader reader, List<Tail> tails) throws Exception {
        reader.pause();
        PageCache.forget(old);
        settle(tails);
        for (Tail tail : tails) {
            tail.alone.add(tail.produce());
        }
        reader.resume();
        settle(tails);
        for (Tail tail : tails) {
            long read = broker.bytesReadFromDisk();
            Stopwatch stopwatch = Stopwatch.start();
            tail.beside.add(tail.produce());
            tail.mibPerSecond.add((broker.bytesReadFromDisk() - read) / stopwatch.seconds() / (1 << 20));
        }
        reader.checkAlive();
    }

    private static void settle(List<Tail> tails) {
        tails.getFirst().producer.produce(SETTLE_SECONDS, () -> true);
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** One way to produce, and what its turns have given. */
    private static final class Tail implements AutoCloseable {
        final String name;
        final SteadyProducer producer;
        final List<Latencies> alone = new ArrayList<>();
        final List<Latencies> beside = new ArrayList<>();
        final List<Double> mibPerSecond = new ArrayList<>();

        Tail(String name, String address, Map<String, Object> settings) {
            this.name = name;
            this.producer = new SteadyProducer(address, "tail", settings);
        }

        Latencies produce() {
            return producer.produce(TURN_SECONDS, () -> true);
        }

        void forget() {
            alone.clear();
            beside.clear();
            mibPerSecond.clear();
        }

        void note(Peer peer, Figures figures) {
            figures.note(
                    name + ": old data read from the disk, MiB/s",
                    peer,
                    median(mibPerSecond.stream().mapToDouble(Double::doubleValue)));
            note("alone", alone, peer, figures);
            note("while old data is read", beside, peer, figures);
            figures.note(
                    name + ": change of p99, median of the turns, %",
                    peer,
                    median(IntStream.range(0, alone.size())
                            .mapToDouble(turn -> changePercent(alone.get(turn), beside.get(turn)))));
            figures.note(
                    name + ": change of p99, all turns together, %",
                    peer,
                    changePercent(Latencies.together(alone), Latencies.together(beside)));
        }

        private static double changePercent(Latencies before, Latencies after) {
            return (after.millis(0.99) / before.millis(0.99) - 1) * 100;
        }

        private void note(String when, List<Latencies> turns, Peer peer, Figures figures) {
            for (Map.Entry<String, Double> share :
                    List.of(Map.entry("p50", 0.5), Map.entry("p99", 0.99), Map.entry("p99.9", 0.999))) {
                figures.note(
                        name + " " + when + ": " + share.getKey() + " ms",
                        peer,
                        median(turns.stream().mapToDouble(turn -> turn.millis(share.getValue()))));
            }
            figures.note(
                    name + " " + when + ": p99 ms, all turns together",
                    peer,
                    Latencies.together(turns).millis(0.99));
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    /** A {@link TopicReader} in a process of its own, whose compiler and collector do little: they would run beside the broker too, and on another machine do not. */
    private record Reader(Process process, java.io.BufferedReader output) implements AutoCloseable {
        /** Returns when the first records have come. */
        static Reader start(String address) throws Exception {
            List<String> command = OtherMachine.last(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512M",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
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

        void checkAlive() {
            if (!process.isAlive()) {
                throw endedEarly();
            }
        }

        private static IllegalStateException endedEarly() {
            return new IllegalStateException("the reader of old data ended early");
        }

        /** Takes no more of the processors, and soon of nothing else. */
        void pause() throws Exception {
            signal("STOP");
        }

        void resume() throws Exception {
            signal("CONT");
        }

        private void signal(String name) throws Exception {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }

        private String line() throws Exception {
            String line = output.readLine();
            if (line == null) {
                throw endedEarly();
            }
            return line;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}

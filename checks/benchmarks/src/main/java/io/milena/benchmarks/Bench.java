package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code Bench REPOSITORY [NAME] [ROUNDS] [SCALE]}: runs one benchmark with Apache Kafka and Milena in turn, {@code ROUNDS} times, and prints the table of
 * both, of which the ratio counts. {@code SCALE} multiplies the load (1).
 */
public final class Bench {
    private static final String USAGE = """
            ./milena bench [NAME] [ROUNDS] [SCALE]
            Runs Apache Kafka and Milena in turn, ROUNDS times (3), and prints a table of ratios.

              throughput   producing and consuming, start, idle processor time and memory (the default)
              partitions   1,000 and 5,000 partitions: created, written, idle, stopped, restarted, killed;
                           SCALE above 1: Milena alone with SCALE times 5,000 (20: 100,000 partitions)
              commit       acks=all on 1, 100 and 1,000 partitions: Milena forced to disk, Kafka not forced, and forced
              sustained    of commit one producer with 16 and 128 KiB batches, for longer than memory can take it
              transactions how many are committed a second, and how long from a record to its committed copy;
                           Milena forced to disk, Kafka not forced, and forced
              cluster      three brokers, every partition three times: producing, fail-over of leaders and controller, restarts
              controller   of these only the fail-over of the controller
              cold         tail latency without and with a consumer that reads old data from disk
              search       ten records among a gigabyte: the search in the broker, and Apache's console consumer with grep
              metadata     Milena's controller alone: 1,000,000 partitions on 1,000 brokers, of which some are lost

            SCALE multiplies the number of records, bytes or turns (1; 0.1 for a quick look).
            """;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        Deque<String> words = new ArrayDeque<>(List.of(arguments));
        Path repository = Path.of(words.removeFirst()).toAbsolutePath();
        boolean isNamed =
                !words.isEmpty() && !Character.isDigit(words.getFirst().charAt(0));
        String name = isNamed ? words.removeFirst() : "throughput";
        int rounds = words.isEmpty() ? 3 : Integer.parseInt(words.removeFirst());
        double scale = words.isEmpty() ? 1 : Double.parseDouble(words.removeFirst());
        Benchmark benchmark = named(name, repository, scale);
        if (benchmark == null) {
            System.err.print(USAGE);
            System.exit(name.equals("--help") ? 0 : 2);
        } else {
            run(benchmark, rounds);
        }
    }

    private static @Nullable Benchmark named(String name, Path repository, double scale) {
        return switch (name) {
            case "throughput" -> new Throughput(repository, scale);
            case "partitions" -> new ManyPartitions(repository, scale);
            case "commit" -> new GroupCommit(repository, scale);
            case "sustained" -> new SustainedCommit(repository, scale);
            case "transactions" -> new Transactions(repository, scale);
            case "cold" -> new ColdReads(repository, scale);
            case "cluster" -> new Replicated(repository, scale);
            case "controller" -> new ControllerFailOver(repository);
            case "search" -> new Search(repository, scale);
            case "metadata" -> new MetadataScale(scale);
            default -> null;
        };
    }

    private static void run(Benchmark benchmark, int rounds) throws Exception {
        Figures figures = new Figures();
        for (int round = 1; round <= rounds; round++) {
            System.err.printf("round %d of %d%n", round, rounds);
            benchmark.measure(figures);
        }
        System.out.print(figures.table());
        System.out.print(benchmark.afterword());
    }
}

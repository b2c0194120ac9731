package io.milena.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs Apache's producer and consumer performance tools as processes of their own and reads their last line. */
final class PerfTool {
    private static final Pattern PRODUCED = Pattern.compile(
            "([\\d.]+) records/sec \\(([\\d.]+) MB/sec\\), ([\\d.]+) ms avg latency, .*?(\\d+) ms 50th, (\\d+) ms 95th, (\\d+) ms 99th");

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path kafkaLib;

    private PerfTool(Path kafkaLib) {
        this.kafkaLib = kafkaLib;
    }

    static PerfTool of(Path repository) {
        return new PerfTool(repository.resolve("checks/kafka/target/lib"));
    }

    /** @param mibPerSecond as the tool prints it: 2^20 bytes of values */
    record Produced(double recordsPerSecond, double mibPerSecond, double p50Ms, double p99Ms) {}

    Produced produce(String address, String topic, Load load) {
        List<String> output = runTool(List.of(
                "org.apache.kafka.tools.ProducerPerformance",
                "--bootstrap-server",
                address,
                "--topic",
                topic,
                "--num-records",
                Long.toString(load.records()),
                "--record-size",
                Integer.toString(load.recordBytes()),
                "--throughput",
                "-1",
                "--warmup-records",
                Long.toString(load.warmUpRecords()),
                "--command-property", // once: the tool forgets all but the last
                "acks=" + load.acks(),
                "batch.size=" + load.batchBytes()));
        Matcher last = output.reversed().stream()
                .map(PRODUCED::matcher)
                .filter(Matcher::find)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no result in " + output));
        return new Produced(number(last, 1), number(last, 2), number(last, 4), number(last, 6));
    }

    /** The rate while fetching, without the time to join the group, in MiB/s. */
    double consume(String address, String topic, long records) {
        List<String> output = runTool(List.of(
                "org.apache.kafka.tools.ConsumerPerformance",
                "--bootstrap-server",
                address,
                "--topic",
                topic,
                "--num-records",
                Long.toString(records),
                "--timeout",
                "60000"));
        String[] fields = output.reversed().stream()
                .filter(line -> line.matches("\\d{4}-.*"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no result in " + output))
                .split(",\\s*");
        return Double.parseDouble(fields[8]);
    }

    /** How many of the values hold a text: read by the console consumer from the begin, and filtered by grep. */
    long consumeAndGrep(String address, String topic, long records, String wanted) {
        return run(List.of(
                        "bash",
                        "-c",
                        "\"$@\" 2>/dev/null | grep -F -e '" + wanted + "' || true",
                        "consume",
                        JAVA,
                        "-Xmx512M",
                        "-cp",
                        kafkaLib + "/*",
                        "org.apache.kafka.tools.consumer.ConsoleConsumer",
                        "--bootstrap-server",
                        address,
                        "--topic",
                        topic,
                        "--from-beginning",
                        "--max-messages",
                        Long.toString(records)))
                .size();
    }

    private static double number(Matcher matcher, int group) {
        return Double.parseDouble(matcher.group(group));
    }

    private List<String> runTool(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx512M", "-cp", kafkaLib + "/*"));
        command.addAll(arguments);
        return run(command);
    }

    private static List<String> run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join("\n", output));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

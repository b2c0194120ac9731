package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Apache Kafka's tool that prints the files of a partition, and complains of what it does not understand. */
final class DumpTool {
    private static final List<String> COMPLAINTS =
            List.of("mismatch", "Found timestamp", "out of order", "isvalid: false", "not valid", "Exception");

    private DumpTool() {}

    /** The files of a partition that it reads. */
    static List<Path> files(Path partition) throws IOException {
        try (Stream<Path> all = Files.list(partition)) {
            return all.filter(file -> file.toString().matches(".*\\.(log|index|timeindex|txnindex|snapshot)"))
                    .sorted()
                    .toList();
        }
    }

    /** What it prints of all files of a partition, records included; it has no complaint. */
    static String dump(Path partition) throws IOException {
        return run(
                "--deep-iteration",
                "--print-data-log",
                "--files",
                String.join(",", files(partition).stream().map(Path::toString).toList()));
    }

    /** What it prints; it has no complaint. */
    static String run(String... arguments) {
        String output = ExternalProgram.run(ExternalProgram.java(
                        "milena.tools.classpath", "org.apache.kafka.tools.DumpLogSegments", List.of(arguments)))
                .expectSuccess()
                .output();
        for (String complaint : COMPLAINTS) {
            assertFalse(output.contains(complaint), () -> "complains of '" + complaint + "'");
        }
        return output;
    }
}

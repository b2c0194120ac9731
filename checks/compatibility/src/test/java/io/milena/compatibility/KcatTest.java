package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kcat, that is librdkafka. */
class KcatTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aMillionLinesComeBackByteForByte() throws IOException {
        // Given a text file of a million lines
        String topic = BrokerUnderTest.newTopic(1);
        Path text = folder.resolve("text");
        write(text, 1_000_000);

        // When one kcat sends it and another reads the topic to its end
        ExternalProgram.run(List.of("kcat", "-P", "-b", BrokerUnderTest.address(), "-t", topic, "-l", text.toString()))
                .expectSuccess();
        Path copy = folder.resolve("copy");
        ExternalProgram.run(
                        List.of(
                                "kcat",
                                "-C",
                                "-b",
                                BrokerUnderTest.address(),
                                "-t",
                                topic,
                                "-o",
                                "beginning",
                                "-e",
                                "-q"),
                        null,
                        copy)
                .expectSuccess();

        // Then the copy is the original
        assertEquals(-1, Files.mismatch(text, copy));
    }

    @Test
    void eachPartitionKeepsTheOrderOfItsKeys() throws IOException {
        String topic = BrokerUnderTest.newTopic(3);
        Path text = folder.resolve("keyed");
        try (BufferedWriter out = Files.newBufferedWriter(text)) {
            for (int i = 0; i < 30_000; i++) {
                out.write("key-" + i % 10 + ":" + i + "\n");
            }
        }
        ExternalProgram.run(List.of(
                        "kcat",
                        "-P",
                        "-b",
                        BrokerUnderTest.address(),
                        "-t",
                        topic,
                        "-K",
                        ":",
                        "-z",
                        "lz4",
                        "-l",
                        text.toString()))
                .expectSuccess();
        String read = ExternalProgram.run(List.of(
                        "kcat",
                        "-C",
                        "-b",
                        BrokerUnderTest.address(),
                        "-t",
                        topic,
                        "-o",
                        "beginning",
                        "-e",
                        "-q",
                        "-f",
                        "%k %s\\n"))
                .expectSuccess()
                .output();
        int[] last = new int[10];
        int count = 0;
        for (String line : read.lines().toList()) {
            int key = line.charAt("key-".length()) - '0';
            int value = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
            assertTrue(value >= last[key], line);
            last[key] = value;
            count++;
        }
        assertEquals(30_000, count);
    }

    @Test
    void aBalancedConsumerReadsAGroup() throws IOException {
        String topic = BrokerUnderTest.newTopic(2);
        BrokerUnderTest.produce(topic, null, 100);
        String read = ExternalProgram.run(List.of(
                        "kcat",
                        "-b",
                        BrokerUnderTest.address(),
                        "-G",
                        BrokerUnderTest.freshName("kcat"),
                        "-X",
                        "auto.offset.reset=earliest",
                        "-c",
                        "100",
                        "-q",
                        topic))
                .expectSuccess()
                .output();
        assertEquals(100, read.lines().count());
    }

    private static void write(Path file, int lines) throws IOException {
        Random random = new Random(7);
        String letters = "the quick brown fox jumps over the lazy dog, again and again; ";
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < lines; i++) {
                int from = random.nextInt(letters.length() - 1);
                out.write(i + " " + letters.substring(from, from + 1 + random.nextInt(letters.length() - from - 1))
                        + "\n");
            }
        }
    }
}

package io.milena.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProduceAndConsumeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CommandRunner milena;

    @TempDir
    private Path folder = Path.of("");

    ProduceAndConsumeTest(@TempDir Path data) throws IOException {
        milena = CommandRunner.withBroker(data);
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    private void produce(String input, String line) {
        milena.run(input, line).succeeds();
    }

    private List<String> consumed(String line) {
        return milena.run(line).succeeds().lines();
    }

    @Test
    void linesOfStandardInputBecomeRecordsInTheirOrder() {
        CommandRunner.Result produced =
                milena.run("one\ntwo\n\nlast", "produce greetings").succeeds();
        assertEquals("4 record(s) acknowledged\n", produced.errors());
        assertEquals("", produced.output());
        assertEquals("one\ntwo\n\nlast\n", milena.output("consume greetings --from-beginning --until-end"));
    }

    @Test
    void recordsAreGivenToPrograms() {
        produce("k:say \"hi\"\nwithout\n", "produce greetings --key-separator :");
        List<String> lines = consumed("consume greetings --from-beginning --max-messages 1 --output json");
        assertEquals(1, lines.size());
        assertTrue(
                lines.getFirst()
                        .matches("\\{\"topic\":\"greetings\",\"partition\":0,\"offset\":0,\"timestamp\":\\d+,"
                                + "\"key\":\"k\",\"value\":\"say \\\\\"hi\\\\\"\",\"headers\":\\[]}"),
                lines.getFirst());
    }

    @Test
    void noInputIsNoRecord() {
        assertEquals(
                "0 record(s) acknowledged\n",
                milena.run("produce greetings").succeeds().errors());
        assertEquals("", milena.output("consume greetings --from-beginning --until-end"));
    }

    @Test
    void linesOfAFileBecomeRecords() throws IOException {
        Path file = Files.writeString(folder.resolve("lines"), "one\ntwo\n");
        produce("not this", "produce greetings --file " + file);
        assertEquals(List.of("one", "two"), consumed("consume greetings --from-beginning --until-end"));
    }

    @Test
    void theKeyIsWhatStandsBeforeTheFirstSeparator() {
        produce("k=v\nk==\n=v\nvalue only\n", "produce pairs --key-separator =");
        assertEquals(
                List.of("k\tv", "k\t=", "\tv", "null\tvalue only"),
                consumed("consume pairs --from-beginning --until-end --key"));
        assertEquals(List.of("v", "=", "v", "value only"), consumed("consume pairs --from-beginning --until-end"));
    }

    @Test
    void theSeparatorMayBeSeveralCharactersOfAnyScript() {
        produce("schlüssel→→wert\n", "produce pairs --key-separator →→");
        assertEquals(List.of("schlüssel\twert"), consumed("consume pairs --from-beginning --until-end --key"));
    }

    @Test
    void theKeyDecidesThePartition() {
        milena.output("topics create pairs --partitions 7");
        produce("key-0:a\nkey-1:b\nkey-42:c\nkey-0:d\n", "produce pairs --key-separator :");
        assertEquals(List.of("a", "d"), consumed("consume pairs --from-beginning --until-end --partition 0"));
        assertEquals(List.of("b"), consumed("consume pairs --from-beginning --until-end --partition 5"));
        assertEquals(List.of("c"), consumed("consume pairs --from-beginning --until-end --partition 3"));
        assertEquals(Set.of("a", "b", "c", "d"), new HashSet<>(consumed("consume pairs --from-beginning --until-end")));
    }

    @Test
    void aPartitionThatIsNamedGetsEverything() {
        milena.output("topics create pairs --partitions 3");
        produce("x:1\ny:2\nz:3\n", "produce pairs --key-separator : --partition 2");
        assertEquals(List.of("1", "2", "3"), consumed("consume pairs --from-beginning --until-end --partition 2"));
    }

    @Test
    void recordsWithoutKeysReachEveryPartitionWhenTheyAreMany() {
        milena.output("topics create many --partitions 3");
        String input = IntStream.range(0, 20_000)
                .mapToObj(i -> "record number " + i + "\n")
                .collect(Collectors.joining());
        assertEquals(
                "20000 record(s) acknowledged\n",
                milena.run(input, "produce many").succeeds().errors());
        int all = 0;
        for (int partition = 0; partition < 3; partition++) {
            int size = consumed("consume many --from-beginning --until-end --partition " + partition)
                    .size();
            assertTrue(size > 1000, "partition " + partition + " has " + size);
            all += size;
        }
        assertEquals(20_000, all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void everyCompressionIsReadBack(String codec) {
        String input = "the same line again and again\n".repeat(500);
        produce(input, "produce repeated --compression " + codec);
        assertEquals(input, milena.output("consume repeated --from-beginning --until-end"));
    }

    @Test
    void bytesThatAreNoTextPassUnchanged() {
        byte[] line = {(byte) 0xff, (byte) 0xfe, 'a', (byte) 0x80, 0, (byte) 0xc3, '\n'};
        milena.run(line, "produce raw").succeeds();
        assertEquals(
                ByteBuffer.wrap(line),
                milena.run("consume raw --from-beginning --until-end")
                        .succeeds()
                        .bytes());
    }

    @Test
    void readingEndsAfterAsManyRecordsAsAreWanted() {
        produce("a\nb\nc\nd\n", "produce letters");
        assertEquals(List.of("a", "b", "c"), consumed("consume letters --from-beginning --max-messages 3"));
        assertEquals(List.of(), consumed("consume letters --from-beginning --max-messages 0"));
    }

    @Test
    void readingBeginsInTheMiddleOfABatch() {
        produce("a\nb\nc\nd\n", "produce letters --partition 0");
        assertEquals(List.of("c", "d"), consumed("consume letters --partition 0 --offset 2 --until-end"));
        assertEquals(List.of("b"), consumed("consume letters --partition 0 --offset 1 --max-messages 1"));
    }

    @Test
    void anOffsetBehindTheEndIsTheEnd() {
        produce("a\nb\n", "produce letters");
        assertEquals(List.of(), consumed("consume letters --offset 99 --until-end"));
    }

    @Test
    void withoutAStartOnlyNewRecordsArePrinted() throws Exception {
        produce("old\n", "produce letters");
        assertEquals(List.of(), consumed("consume letters --until-end"));
        CompletableFuture<List<String>> reading =
                CompletableFuture.supplyAsync(() -> consumed("consume letters --max-messages 1"));
        // When the reader has asked where the end is cannot be seen from here, so records come until it has read one.
        int written = 0;
        while (!reading.isDone()) {
            produce("new " + written++ + "\n", "produce letters");
        }
        String read = reading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getFirst();
        assertTrue(read.startsWith("new "), read);
    }

    @Test
    void aLineIsSentWhenItIsThereAndNotWhenTheInputEnds() throws Exception {
        milena.output("topics create letters");
        PipedInputStream in = new PipedInputStream();
        CompletableFuture<CommandRunner.Result> producing;
        try (PipedOutputStream input = new PipedOutputStream(in)) {
            producing = CompletableFuture.supplyAsync(() -> milena.run(in, "produce letters"));
            input.write("first\n".getBytes(UTF_8));
            input.flush();
            assertEquals(List.of("first"), consumed("consume letters --from-beginning --max-messages 1"));
            input.write("second\n".getBytes(UTF_8));
        }
        assertEquals(
                "2 record(s) acknowledged\n",
                producing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).succeeds().errors());
    }

    @Test
    void readingEndsWhenNobodyReadsItsOutput() throws Exception {
        produce("a\n".repeat(1000), "produce letters");
        PipedInputStream reader = new PipedInputStream();
        PrintStream out = new PrintStream(new PipedOutputStream(reader), true, UTF_8);
        reader.close();
        Terminal terminal = new Terminal(InputStream.nullInputStream(), out, out);
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(
                () -> MilenaCommand.run(terminal, "consume", "letters", "--from-beginning", "-b", milena.address()));
        assertEquals(0, reading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void whatWasAcknowledgedIsSaidWhenALaterRecordIsRefused() {
        milena.output("topics create small --set max.message.bytes=70000");
        String input = ("x".repeat(1000) + "\n").repeat(66) + "y".repeat(200_000) + "\n";
        CommandRunner.Result result = milena.run(input, "produce small");
        assertEquals(1, result.exit());
        assertEquals(
                "66 record(s) acknowledged before it failed",
                result.errors().lines().findFirst().orElseThrow());
        assertTrue(result.errors().contains("MESSAGE_TOO_LARGE"), result.errors());
    }
}

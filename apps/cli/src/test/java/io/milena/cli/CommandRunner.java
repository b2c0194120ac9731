package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.cli.client.ClusterAddress;
import io.milena.cli.client.ClusterClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs commands in this process, against a broker on a free port with an empty data directory, and keeps what they print. */
final class CommandRunner implements AutoCloseable {
    private final Broker broker;

    private CommandRunner(Broker broker) {
        this.broker = broker;
    }

    static CommandRunner withBroker(Path data) throws IOException {
        return withBroker(data.toString());
    }

    /** @param directories where its logs are, with commas between */
    static CommandRunner withBroker(String directories) throws IOException {
        return withBroker(directories, Map.of());
    }

    /** As {@link #withBroker(String)}, with more settings. */
    static CommandRunner withBroker(String directories, Map<String, String> more) throws IOException {
        Map<String, String> all = new TreeMap<>(Map.of(
                "listeners", "PLAINTEXT://localhost:0",
                "log.dirs", directories,
                "auto.create.topics.enable", "true",
                "offsets.topic.num.partitions", "1",
                "transaction.state.log.num.partitions", "1",
                "group.consumer.session.timeout.ms", "600000", // members are what tests send, and no test is so slow
                "group.initial.rebalance.delay.ms", "0"));
        all.putAll(more);
        return new CommandRunner(Broker.start(BrokerSettings.of(all)));
    }

    /** What a command left behind. */
    record Result(int exit, ByteBuffer bytes, String errors) {
        String output() {
            return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        }

        List<String> lines() {
            return output().lines().toList();
        }

        Result succeeds() {
            assertEquals(0, exit, errors);
            return this;
        }

        /** It printed nothing but one line on standard error, which contains these words. */
        void isRefused(int expectedExit, String... words) {
            assertEquals(expectedExit, exit, errors);
            assertEquals("", output());
            assertEquals(1, errors.lines().count(), errors);
            assertTrue(errors.startsWith("milena: "), errors);
            for (String word : words) {
                assertTrue(errors.contains(word), () -> word + " is not in: " + errors);
            }
        }
    }

    String address() {
        return "localhost:" + broker.address().getPort();
    }

    ClusterClient client() throws IOException {
        return ClusterClient.connect(ClusterAddress.parse(address()));
    }

    /** @param line the words of the command line, with single spaces between */
    Result run(String line) {
        return run("", line);
    }

    Result run(String input, String line) {
        return run(input.getBytes(StandardCharsets.UTF_8), line);
    }

    Result run(byte[] input, String line) {
        return run(new ByteArrayInputStream(input), line);
    }

    Result run(InputStream input, String line) {
        return execute(input, (line + " -b " + address()).split(" "));
    }

    String output(String line) {
        return run(line).succeeds().output();
    }

    /** Without a broker of this runner. */
    static Result execute(String... arguments) {
        return execute(InputStream.nullInputStream(), arguments);
    }

    static Result execute(InputStream in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        int exit = MilenaCommand.run(terminal, arguments);
        return new Result(exit, ByteBuffer.wrap(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        broker.close();
    }
}

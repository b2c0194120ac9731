package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong is one line on standard error; the exit code says whether the command line (2) or the world (1) has to change. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailuresTest {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final CommandRunner milena;

    @TempDir
    private Path folder = Path.of("");

    FailuresTest(@TempDir Path data) throws IOException {
        milena = CommandRunner.withBroker(data);
        milena.output("topics create orders --partitions 2");
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topics describe missing",
                "topics alter missing --partitions 3",
                "topics alter missing --set retention.ms=1",
                "topics delete missing",
                "consume missing --until-end",
                "groups reset-offsets readers --topic missing --to-latest",
            })
    void anUnknownTopicIsNamed(String line) {
        milena.run(line).isRefused(FAILED, "topic missing", "UNKNOWN_TOPIC_OR_PARTITION");
    }

    @ParameterizedTest
    @CsvSource({
        "topics create orders, topic orders, TOPIC_ALREADY_EXISTS",
        "topics create a/b, a/b, INVALID_TOPIC_EXCEPTION",
        "topics create none --partitions 0, none, INVALID_PARTITIONS",
        "topics create other --set colour=green, colour, INVALID_CONFIG",
        "topics create other --set retention.ms=soon, retention.ms, INVALID_CONFIG",
        "topics alter orders --set colour=green, colour, INVALID_CONFIG",
        "topics alter orders --partitions 2, orders, INVALID_PARTITIONS",
        "topics alter orders --partitions 1, orders, INVALID_PARTITIONS",
        "consume orders --partition 2, partition 2 in orders, it has 2",
    })
    void whatTheBrokerRefusesIsSaidInItsWords(String line, String what, String why) {
        milena.run(line).isRefused(FAILED, what, why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "-1"})
    void aRecordForAPartitionThatIsNotThereIsRefused(String partition) {
        milena.run("a\n", "produce orders --partition " + partition)
                .isRefused(FAILED, "partition " + partition + " in orders", "it has 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topics list",
                "topics create other",
                "topics describe orders",
                "topics alter orders --partitions 3",
                "topics delete orders",
                "topics deleted",
                "topics restore orders",
                "produce orders",
                "consume orders",
                "groups list",
                "groups describe readers",
                "groups reset-offsets readers --topic orders --to-latest",
                "groups delete readers",
            })
    void aBrokerThatIsNotThereIsNamed(String line) throws IOException {
        String address = "localhost:" + unusedPort();
        CommandRunner.execute((line + " -b " + address).split(" "))
                .isRefused(FAILED, "cannot connect to " + address, "--bootstrap-server");
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aHostThatIsNotThereIsNamed() {
        CommandRunner.execute("topics", "list", "-b", "nowhere.invalid:9092")
                .isRefused(FAILED, "cannot connect to nowhere.invalid:9092");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "", "\0\0\0\5abcde", "\0\0\0\2ab"})
    void aServerThatIsNoBrokerIsAFailure(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread stranger = Thread.ofVirtual().start(() -> {
                try (var connection = server.accept()) {
                    connection.getInputStream().read(new byte[10_000]);
                    connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            CommandRunner.execute("topics", "list", "-b", "localhost:" + server.getLocalPort())
                    .isRefused(FAILED);
            stranger.join();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", ":9092", "localhost:", "localhost:many", "localhost:0", "localhost:99999", "a:1,b"})
    void anAddressIsAHostAndAPort(String address) {
        CommandRunner.execute("topics", "list", "--bootstrap-server", address)
                .isRefused(USAGE, "--bootstrap-server", "is not an address of the form host:port");
    }

    @ParameterizedTest
    @CsvSource({
        "shuffle, shuffle",
        "topics shuffle, shuffle",
        "topics, say which one",
        "groups, say which one",
        "topics create, TOPIC",
        "topics create a b, b",
        "topics delete, TOPIC",
        "topics restore, TOPIC",
        "topics restore orders --id ASNFZ4mrze_-3LqYdlQyEA, --id",
        "topics restore --id orders, 22 letters",
        "topics create other --partitions many, many",
        "topics create other --set colour, NAME=VALUE",
        "topics list --colour, --colour",
        "topics alter orders, --partitions",
        "produce, TOPIC",
        "produce orders --compression zip, 'none, gzip, snappy, lz4, zstd'",
        "produce orders --key-separator=, --key-separator",
        "produce orders --partition x, --partition",
        "consume orders --max-messages -1, --max-messages",
        "consume orders --offset -5, --offset",
        "consume orders --offset 1 --from-beginning, --from-beginning",
        "groups describe, GROUP",
        "why partition orders first, is not a whole number",
        "groups reset-offsets readers --to-latest, --topic",
        "groups reset-offsets readers --topic orders, --to-earliest",
        "groups reset-offsets readers --topic orders --to-latest --to-earliest, --to-earliest",
        "groups reset-offsets readers --topic orders --to-offset -1, --to-offset",
        "groups reset-offsets readers --topic orders --to-time yesterday, --to-time",
    })
    void aCommandLineThatIsWrongIsNotTried(String line, String word) {
        CommandRunner.execute(line.split(" ")).isRefused(USAGE, word, " --help')");
    }

    @Test
    void aCommandThatIsNotThereIsToldWhatIsThere() {
        CommandRunner.execute("topic", "list")
                .isRefused(USAGE, "there is no command 'topic'; there are start, topics, produce, consume, groups");
        CommandRunner.execute("why")
                .isRefused(
                        USAGE,
                        "say which one; there are group, partition, request, transaction",
                        "'milena why --help'");
        CommandRunner.execute("topics", "shuffle")
                .isRefused(USAGE, "there is no command 'shuffle'; there are ", "create", "'milena topics --help'");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing");
        milena.run("produce orders --file " + missing).isRefused(FAILED, missing + ": there is no such file");
        CommandRunner.execute("start", "--config", missing.toString())
                .isRefused(FAILED, missing + ": there is no such file");
    }

    @Test
    void aBrokerSettingThatIsUnknownOrWrongIsNamed() throws IOException {
        Path config = Files.writeString(folder.resolve("config"), "log.retention.ms=soon\nnum.colours=3\n");
        CommandRunner.execute("start", "--config", config.toString(), "--set", "num.shapes=4")
                .isRefused(FAILED, "num.colours", "num.shapes", "log.retention.ms");
        CommandRunner.execute("start", "--data", folder.toString(), "--port", "99999")
                .isRefused(FAILED, "99999");
    }

    @Test
    void aStackTraceIsShownOnlyWhenItIsWanted() {
        CommandRunner.Result result = milena.run("topics describe missing --debug");
        assertEquals(FAILED, result.exit());
        assertTrue(result.errors().startsWith("milena: topic missing: "), result.errors());
        assertTrue(result.errors().contains("\tat io.milena.cli."), result.errors());
    }

    @Test
    void withoutACommandThereIsHelp() {
        String all = CommandRunner.execute().succeeds().output();
        Stream.of("start", "topics", "produce", "consume", "groups")
                .forEach(command -> assertTrue(all.contains("\n  " + command), all));
    }
}

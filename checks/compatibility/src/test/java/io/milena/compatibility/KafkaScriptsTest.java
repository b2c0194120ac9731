package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts {@code kafka-*.sh} of the distribution, on a user's first day: their jars are not there yet. */
class KafkaScriptsTest {
    private static final Path HOME = Path.of(System.getProperty("milena.distribution"));

    @TempDir
    Path folder = Path.of("");

    /** The commands with which people learn Kafka, typed as they are printed everywhere, but for the port. */
    @Test
    void theCommandsThatEveryoneKnowsRunWordForWord() throws Exception {
        String orders = BrokerUnderTest.freshName("orders");
        String group = BrokerUnderTest.freshName("order-processor");

        sh("kafka-topics.sh --create --topic " + orders
                + " --bootstrap-server localhost:9092 --partitions 3 --replication-factor 1");
        assertTrue(
                sh("kafka-topics.sh --list --bootstrap-server localhost:9092").contains(orders));
        String described = sh("kafka-topics.sh --describe --topic " + orders + " --bootstrap-server localhost:9092");
        assertTrue(described.contains("PartitionCount: 3"), described);

        sh(
                "kafka-console-producer.sh --topic " + orders
                        + " --bootstrap-server localhost:9092 --property parse.key=true --property key.separator=:",
                "user-123:O1\nuser-456:O2\nuser-123:O3\n");
        String read = sh("kafka-console-consumer.sh --topic " + orders
                + " --from-beginning --bootstrap-server localhost:9092 --group " + group + " --max-messages 3");
        assertEquals(List.of("O1", "O2", "O3"), read.lines().sorted().toList());

        String lag = sh("kafka-consumer-groups.sh --bootstrap-server localhost:9092 --describe --group " + group);
        assertEquals(3, lag.lines().filter(line -> line.startsWith(group)).count(), lag);
        String reset = sh("kafka-consumer-groups.sh --bootstrap-server localhost:9092 --group " + group + " --topic "
                + orders + " --reset-offsets --to-earliest --execute");
        assertEquals(
                3,
                reset.lines()
                        .filter(line -> line.matches(group + "\\s.*\\s0\\s*"))
                        .count(),
                reset);

        sh("kafka-configs.sh --bootstrap-server localhost:9092 --alter --entity-type topics --entity-name " + orders
                + " --add-config retention.ms=86400000");
        String settings =
                sh("kafka-configs.sh --bootstrap-server localhost:9092 --describe --entity-type topics --entity-name "
                        + orders);
        assertTrue(settings.contains("retention.ms=86400000"), settings);
        String measured = sh("kafka-producer-perf-test.sh --topic " + orders
                + " --num-records 1000 --record-size 100 --throughput -1 --producer-props"
                + " bootstrap.servers=localhost:9092 acks=all");
        assertTrue(measured.contains("1000 records sent"), measured);
    }

    /** Each class that a script names is in the jars of the list. */
    @Test
    void everyScriptFindsItsTool() throws Exception {
        List<Path> scripts;
        try (Stream<Path> files = Files.list(HOME.resolve("bin"))) {
            scripts = files.filter(file -> file.toString().endsWith(".sh") && !file.endsWith("kafka-run-class.sh"))
                    .sorted()
                    .toList();
        }
        assertTrue(scripts.size() >= 30, scripts.toString());
        List<URL> jars = new ArrayList<>();
        for (String path : pinned().keySet()) {
            jars.add(jar(path).toUri().toURL());
        }
        try (URLClassLoader loader = new URLClassLoader(jars.toArray(URL[]::new), null)) {
            for (Path script : scripts) {
                String tool = text(script).replaceAll("(?s).*kafka-run-class.sh\" (\\S+) .*", "$1");
                Class.forName(tool, false, loader).getMethod("main", String[].class);
            }
        }
    }

    private static Path jar(String path) {
        return Path.of(System.getProperty("milena.tools.classpath"))
                .resolveSibling(Path.of(path).getFileName());
    }

    /** The tools that users run are those that Milena is tested with. */
    @Test
    void theListNamesTheJarsOfThisBuild() throws Exception {
        for (Map.Entry<String, String> jar : pinned().entrySet()) {
            Path file = jar(jar.getKey());
            assertTrue(Files.exists(file), () -> file + ": apps/cli/distribution/kafka/jars.txt has another version");
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            assertEquals(jar.getValue(), HexFormat.of().formatHex(hash), file.toString());
        }
    }

    /** Path in a Maven repository, and SHA-256. */
    private static Map<String, String> pinned() {
        return text(HOME.resolve("lib/kafka/jars.txt"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" +"))
                .collect(Collectors.toMap(words -> words[1], words -> words[0]));
    }

    private String sh(String command) throws Exception {
        return sh(command, null);
    }

    private String sh(String command, @Nullable String input) throws Exception {
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", "-c", command.replace("localhost:9092", BrokerUnderTest.address()))
                .redirectError(errors.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", HOME.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("MILENA_CACHE", folder.resolve("cache").toString());
        environment.put("MILENA_MAVEN_REPOSITORY", localRepository().toString());
        Process process = builder.start();
        try (var stdin = process.outputWriter()) {
            stdin.write(input == null ? "" : input);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), () -> command + "\n" + output + text(errors));
        return output;
    }

    /** Where Maven keeps what this build has fetched already, found by one of its jars: group, artifact and version are folders. */
    private static URI localRepository() throws URISyntaxException {
        URI jar = KafkaProducer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        return jar.resolve("../../../../../");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

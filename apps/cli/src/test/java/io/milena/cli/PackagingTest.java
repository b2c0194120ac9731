package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.milena.broker.BrokerSettings;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The files by which Milena is packaged say what the broker understands: there is no engine here that could run them. */
class PackagingTest {
    private static final Path ROOT = Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
            .filter(folder -> Files.exists(folder.resolve("ARCHITECTURE.md")))
            .findFirst()
            .orElseThrow();

    private static final String CLUSTER = "docker-compose.cluster.yml";

    @SuppressWarnings("unchecked")
    private static Map<String, Object> yaml(String file) throws IOException {
        try (Reader reader = Files.newBufferedReader(ROOT.resolve(file))) {
            return (Map<String, Object>) new Yaml().load(reader);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> services(String file) throws IOException {
        return (Map<String, Map<String, Object>>) yaml(file).getOrDefault("services", Map.of());
    }

    /** Those that run a broker, by name. */
    private static Map<String, Map<String, Object>> brokers(String file) throws IOException {
        Map<String, Map<String, Object>> brokers = new TreeMap<>(services(file));
        brokers.values().removeIf(service -> !service.containsKey("command"));
        return brokers;
    }

    private static Map<String, Object> service(Map<String, Map<String, Object>> services, String name) {
        return Objects.requireNonNull(services.get(name), name);
    }

    private static Object value(Map<String, ?> map, String key) {
        return Objects.requireNonNull(map.get(key), key);
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String::valueOf).toList();
    }

    /** What the options of {@code milena start} amount to; whatever the command line or the broker does not know is an error here. */
    private static Map<String, String> settings(List<String> command) {
        assertEquals("start", command.getFirst());
        Map<String, String> settings = new HashMap<>();
        Map<String, String> options = new HashMap<>();
        for (String word : command.subList(1, command.size())) {
            Matcher option = Pattern.compile("--(host|port|data|set)=(.*)").matcher(word);
            assertTrue(option.matches(), word);
            if (option.group(1).equals("set")) {
                String[] setting = option.group(2).split("=", 2);
                settings.put(setting[0], setting[1]);
            } else {
                options.put(option.group(1), option.group(2));
            }
        }
        settings.put("listeners", "PLAINTEXT://" + options.get("host") + ":" + options.getOrDefault("port", "9092"));
        settings.put("log.dirs", String.valueOf(options.get("data")));
        BrokerSettings.of(settings);
        assertShowsTheConsole(settings);
        return settings;
    }

    /** In a container the console is not on the loopback interface, where it would be there without more. */
    private static void assertShowsTheConsole(Map<String, String> settings) {
        assertTrue(settings.getOrDefault("milena.console.listener", "").startsWith("http://0.0.0.0:"));
        assertEquals("localhost", settings.get("milena.console.hosts"));
    }

    private static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1);
    }

    @Test
    void oneBrokerIsReachedWhereItsClientsAreToldTo() throws IOException {
        Map<String, Object> broker = service(brokers("docker-compose.yml"), "milena");
        Map<String, String> settings = settings(strings(value(broker, "command")));
        assertEquals(List.of("127.0.0.1:9092:9092", "127.0.0.1:8080:8080"), strings(value(broker, "ports")));
        assertEquals("PLAINTEXT://localhost:9092", settings.get("advertised.listeners"));
        assertTrue(value(settings, "log.dirs").toString().startsWith("/var/lib/milena/"));
        assertEquals(List.of("milena:/var/lib/milena"), strings(value(broker, "volumes")));
    }

    @Test
    void threeBrokersAgreeOnWhoTheyAre() throws IOException {
        Map<String, Map<String, Object>> brokers = brokers(CLUSTER);
        assertEquals(3, brokers.size());
        List<String> published = strings(value(service(services(CLUSTER), "network"), "ports"));
        Set<String> ids = new TreeSet<>();
        Set<String> shared = new HashSet<>();
        Set<String> volumes = new HashSet<>();
        for (Map<String, Object> broker : brokers.values()) {
            Map<String, String> settings = settings(strings(value(broker, "command")));
            ids.add(settings.get("node.id"));
            shared.add(settings.get("milena.cluster.id") + " " + settings.get("controller.quorum.voters"));
            String port = port(value(settings, "listeners").toString());
            assertEquals(port, port(value(settings, "advertised.listeners").toString()));
            assertTrue(published.contains("127.0.0.1:" + port + ":" + port), port);
            String console = port(value(settings, "milena.console.listener").toString());
            assertTrue(published.contains("127.0.0.1:" + console + ":" + console), console);
            assertEquals(Map.of("MILENA_CONSOLE_PORT", console), broker.get("environment"));
            assertEquals("service:network", broker.get("network_mode"));
            volumes.addAll(strings(value(broker, "volumes")));
        }
        assertEquals(Set.of("1", "2", "3"), ids);
        assertEquals(1, shared.size(), shared.toString());
        assertEquals(3, volumes.size());
        assertEquals(ids, new TreeSet<>(voters(shared.iterator().next())));
    }

    private static List<String> voters(String text) {
        return Pattern.compile("(\\d+)@")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void theImageRunsAsNobodySpecialAndItsCommandIsUnderstood() throws IOException {
        String dockerfile = Files.readString(ROOT.resolve("Dockerfile"));
        assertTrue(dockerfile.contains("\nUSER 10001:10001\n"));
        assertTrue(dockerfile.contains("HEALTHCHECK"));
        Matcher command = Pattern.compile("\nCMD \\[\"(.*)\"]").matcher(dockerfile);
        assertTrue(command.find());
        String joined = command.group(1).replace("\", \"", " ").replaceAll("(--\\w+) ", "$1=");
        settings(List.of(joined.split(" ")));
        for (Matcher copied = Pattern.compile("\nCOPY (packaging\\S+)").matcher(dockerfile); copied.find(); ) {
            assertTrue(Files.isExecutable(ROOT.resolve(copied.group(1))), copied.group(1));
        }
    }

    @Test
    void theServiceStartsWithAFileThatTheBrokerUnderstands() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(ROOT.resolve("packaging/systemd/broker.properties"))) {
            properties.load(reader);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        assertFalse(settings.isEmpty());
        BrokerSettings.of(settings);
        String unit = Files.readString(ROOT.resolve("packaging/systemd/milena.service"));
        Matcher start =
                Pattern.compile("\nExecStart=/opt/milena/bin/milena (.*)\n").matcher(unit);
        assertTrue(start.find());
        MilenaCommand.commandLine(
                        new Terminal(System.in, System.out, System.err),
                        start.group(1).split(" "))
                .parseArgs(start.group(1).split(" "));
    }

    @Test
    void theHealthCheckAsksWhetherClientsAreServed() throws Exception {
        AtomicInteger status = new AtomicInteger(503);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        String port = Integer.toString(server.getAddress().getPort());
        assertEquals(1, healthy(port));
        status.set(200);
        assertEquals(0, healthy(port));
        server.stop(0);
        assertEquals(1, healthy(port));
    }

    private static int healthy(String port) throws IOException, InterruptedException {
        return new ProcessBuilder(ROOT.resolve("packaging/docker/healthy").toString(), port)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}

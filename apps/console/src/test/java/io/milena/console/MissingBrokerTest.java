package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the console shows and warns of when a broker or a disk is not there. */
@Timeout(120)
class MissingBrokerTest {
    private static Set<String> warnings(RunningConsole console) throws IOException, InterruptedException {
        Set<String> all = new TreeSet<>();
        console.get(200, "/api/v1/warnings", "/api/v1/warnings")
                .get("warnings")
                .forEach(each -> all.add(
                        each.get("kind").asText() + " " + each.path("topic").asText()));
        return all;
    }

    private static String lacking(RunningConsole console) throws IOException, InterruptedException {
        JsonNode cluster = console.get(200, "/api/v1/cluster", "/api/v1/cluster");
        return cluster.get("underReplicated") + " under-replicated, " + cluster.get("offline") + " offline";
    }

    @Test
    void partitionsThatLackReplicasAndThoseThatNobodyLeads(@TempDir Path data)
            throws IOException, InterruptedException, ExecutionException {
        List<RunningConsole> consoles = RunningConsole.cluster(data, 3);
        try {
            RunningConsole first = consoles.getFirst();
            first.admin()
                    .createTopics(List.of(
                            new NewTopic("pair", Map.of(0, List.of(1, 2))),
                            new NewTopic("shared", Map.of(0, List.of(1, 3))),
                            new NewTopic("single", Map.of(0, List.of(3)))))
                    .all()
                    .get();
            while (!lacking(first).equals("0 under-replicated, 0 offline")) { // replicas begin
                Thread.onSpinWait();
            }
            assertEquals(Set.of(), warnings(first));

            consoles.removeLast().close();
            Set<String> expected = Set.of("under-replicated shared", "offline single");
            Set<String> raised = warnings(first);
            while (!raised.equals(expected)) { // it is noticed
                raised = warnings(first);
            }
            assertTrue(lacking(first).endsWith(", 1 offline"), lacking(first));
        } finally {
            consoles.forEach(RunningConsole::close);
        }
    }

    @Test
    void partitionsWhoseDiskIsGone(@TempDir Path data) throws IOException, InterruptedException, ExecutionException {
        Path lost = data.resolve("two");
        Map<String, String> directories = Map.of("log.dirs", data.resolve("one") + "," + lost);
        try (RunningConsole running = RunningConsole.start(data, directories)) {
            running.admin()
                    .createTopics(List.of(new NewTopic("orders", 2, (short) 1)))
                    .all()
                    .get();
            assertEquals(Set.of(), warnings(running));
        }
        Files.move(lost, data.resolve("away"));

        try (RunningConsole running = RunningConsole.start(data, directories)) {
            assertEquals(Set.of("offline orders"), warnings(running));
            assertEquals("0 under-replicated, 1 offline", lacking(running));
            assertEquals(200, running.send("GET", "/health/ready", null).statusCode(), "the other disk is served");
            String metrics = running.send("GET", "/metrics", null).body();
            assertTrue(metrics.contains("\nkafka_server_replicamanager_offlinereplicacount 1\n"), metrics);
        }
    }
}

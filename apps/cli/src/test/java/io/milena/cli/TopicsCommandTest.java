package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsCommandTest {
    private final CommandRunner milena;

    TopicsCommandTest(@TempDir Path data) throws IOException {
        milena = CommandRunner.withBroker(data);
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    @Test
    void aNewTopicSaysHowManyPartitionsItGot() {
        assertEquals("Created orders with 3 partition(s)\n", milena.output("topics create orders --partitions 3"));
        assertEquals("Created greetings with 1 partition(s)\n", milena.output("topics create greetings"));
    }

    @Test
    void topicsAreListedByName() {
        assertEquals("", milena.output("topics list"));
        milena.output("topics create zebras");
        milena.output("topics create apes");
        assertEquals("apes\nzebras\n", milena.output("topics list"));
    }

    @Test
    void aDescriptionHasSettingsAndThenPartitions() {
        milena.output("topics create orders --partitions 2 --set retention.ms=60000 --config segment.bytes=1048576");
        assertEquals(
                List.of(
                        "Topic orders: 2 partition(s)",
                        "  retention.ms=60000",
                        "  segment.bytes=1048576",
                        "  partition 0  leader 1  replicas [1]  in sync [1]",
                        "  partition 1  leader 1  replicas [1]  in sync [1]"),
                milena.run("topics describe orders").succeeds().lines());
        String forPrograms = milena.output("topics describe orders --output json");
        assertTrue(forPrograms.startsWith("[{\"topic\":\"orders\",\"id\":\""), forPrograms);
        assertTrue(
                forPrograms.contains(
                        "\"partitions\":[{\"partition\":0,\"leader\":" + "1,\"replicas\":[1],\"inSync\":[1]},"),
                forPrograms);
    }

    @Test
    void severalTopicsAreDescribedInTheOrderInWhichTheyAreNamed() {
        milena.output("topics create a");
        milena.output("topics create b");
        List<String> titles = milena.run("topics describe b a").succeeds().lines().stream()
                .filter(line -> line.startsWith("Topic"))
                .toList();
        assertEquals(List.of("Topic b: 1 partition(s)", "Topic a: 1 partition(s)"), titles);
    }

    @Test
    void partitionsAndSettingsChangeTogether() {
        milena.output("topics create orders --set retention.ms=60000");
        assertEquals(
                "Changed orders\n",
                milena.output("topics alter orders --partitions 4 --set retention.bytes=5000 --unset retention.ms"));
        String described = milena.output("topics describe orders");
        assertTrue(described.contains("4 partition(s)"), described);
        assertTrue(described.contains("  retention.bytes=5000\n"), described);
        assertFalse(described.contains("retention.ms"), described);
    }

    @Test
    void aSettingChangesWithoutTheNumberOfPartitions() {
        milena.output("topics create orders --partitions 2");
        milena.output("topics alter orders --set retention.ms=1000 --set retention.bytes=2000");
        String described = milena.output("topics describe orders");
        assertTrue(described.contains("2 partition(s)"), described);
        assertTrue(described.contains("  retention.bytes=2000\n  retention.ms=1000\n"), described);
    }

    @Test
    void severalTopicsAreDeletedAtOnce() {
        milena.output("topics create a");
        milena.output("topics create b");
        milena.output("topics create c");
        List<String> said = milena.run("topics delete a c").succeeds().lines();
        assertEquals(2, said.size());
        assertTrue(said.getFirst().startsWith("Deleted a; "), said::toString);
        assertTrue(said.getLast().startsWith("Deleted c; "), said::toString);
        assertEquals("b\n", milena.output("topics list"));
    }

    @Test
    void whatWasDeletedIsSaidWhenAnotherTopicWasMissing() {
        milena.output("topics create a");
        CommandRunner.Result result = milena.run("topics delete missing a");
        assertEquals(1, result.exit());
        assertTrue(result.output().startsWith("Deleted a; "), result.output());
        assertTrue(result.errors().startsWith("milena: topic missing: "), result.errors());
    }

    @Test
    void theFirstBrokerThatAnswersIsAsked() {
        milena.output("topics create a");
        assertEquals(
                "a\n",
                CommandRunner.execute("topics", "list", "-b", "localhost:1," + milena.address())
                        .succeeds()
                        .output());
    }
}

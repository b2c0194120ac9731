package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.CommandRunner.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code top}, {@code tail}, {@code why} and {@code topics advise} against a broker. */
class LiveCommandsTest {
    @TempDir
    private static Path folder = Path.of("");

    private static CommandRunner milena;

    @BeforeAll
    static void aBrokerWithATopicAndAGroupThatIsBehind() throws IOException {
        milena = CommandRunner.withBroker(folder);
        milena.run("topics create orders --partitions 2").succeeds();
        milena.run("user-123\tO1\nuser-456\tO2 refused\nuser-123\tO3\n", "produce orders --key-separator \t")
                .succeeds();
        milena.run("groups reset-offsets order-processor --topic orders --to-earliest --execute")
                .succeeds();
    }

    @AfterAll
    static void stop() {
        milena.close();
    }

    @Test
    void topShowsTopicsAndGroups() {
        List<String> lines = milena.run("top --once --every 1").succeeds().lines();
        assertTrue(lines.getFirst().startsWith("1 broker(s), 1 topic(s), 1 group(s)"), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.matches("orders +2 +0 +0.0")), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.matches("order-processor +0 +3 +0 +never")), lines.toString());
        String json = milena.output("top --once --every 1 --output json");
        assertTrue(json.contains("{\"group\":\"order-processor\",\"members\":0,\"lag\":3,"), json);
    }

    @Test
    void tailShowsWhereAndWhenAndFilters() {
        List<String> all =
                milena.run("tail orders --last 9 --max-messages 3").succeeds().lines();
        assertEquals(3, all.size());
        assertTrue(
                all.stream().allMatch(line -> line.matches("orders-[01] @\\d+ \\S+Z user-\\d+ O.*")), all.toString());
        assertEquals(
                List.of("O1", "O3"),
                milena.run("tail orders -n 9 --key user-123 --max-messages 2").succeeds().lines().stream()
                        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                        .toList());
        String json = milena.output("tail orders -n 9 --grep refused --max-messages 1 --output json");
        assertTrue(json.contains("\"key\":\"user-456\",\"value\":\"O2 refused\",\"headers\":[]}"), json);
    }

    @Test
    void tailOfAPartitionThatIsNotThereIsRefused() {
        milena.run("tail orders:7").isRefused(1, "no partition 7");
    }

    @Test
    void whyReasonsAboutTheGroup() {
        Result why = milena.run("why group order-processor --for 1").succeeds();
        assertTrue(why.output().contains("group order-processor is Empty and has 0 member(s)"), why.output());
        assertTrue(why.output().contains("So: it is behind because nobody reads"), why.output());
        String json = milena.output("why group order-processor --for 1 --output json");
        assertTrue(json.contains("\"conclusion\":\"it is behind because nobody reads"), json);
        milena.run("why group nobody --for 1").isRefused(1, "group nobody");
    }

    @Test
    void whyReasonsAboutThePartition() {
        assertTrue(milena.output("why partition orders 1").contains("So: it is not under-replicated"));
        milena.run("why partition orders 2").isRefused(1, "no partition 2");
    }

    @Test
    void whyAsksForATransactionalIdThatExists() {
        milena.run("why transaction nothing").isRefused(1, "transactional id nothing");
    }

    @Test
    void whyNamesRequestsThatWereDenied() {
        milena.run("x\n", "topics create orders").isRefused(1, "TOPIC_ALREADY_EXISTS");
        milena.run("topics create orders").isRefused(1, "TOPIC_ALREADY_EXISTS");
        String why = milena.output("why request --topic orders");
        assertTrue(
                why.contains(" ago CreateTopics of milena-cli (/127.0.0.1) to orders: TOPIC_ALREADY_EXISTS, 2 times"),
                why);
        assertTrue(why.contains("So: the last was denied because there is a topic of that name"), why);
        assertTrue(milena.output("why request --client nobody --output json")
                .contains("\"conclusion\":\"none was denied"));
    }

    @Test
    void adviceFollowsTheRuleOfThumb() {
        String advice = milena.output("topics advise orders --for 1 --consumers 3");
        assertTrue(advice.contains("too few: milena topics alter orders --partitions 6"), advice);
        String json = milena.output("topics advise --for 1 --output json");
        assertTrue(json.contains("\"partitions\":2,\"advised\":1,\"verdict\":\"enough\""), json);
    }

    @Test
    void listsAreForProgramsToo() {
        assertTrue(milena.output("topics list --output json").contains("\"orders\""));
        assertTrue(milena.output("groups list --output json").contains("\"group\":\"order-processor\""));
        milena.run("topics list --output xml").isRefused(2, "xml");
    }

    @Test
    void completionKnowsEveryCommand() {
        String script = CommandRunner.execute("completion").succeeds().output();
        assertTrue(script.contains("advise") && script.contains("find-hanging") && script.contains("complete -F"));
        assertTrue(script.contains("(\"text\" \"json\") # --output values"), script);
    }
}

package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's own command line tools, as processes, as its users run them. */
class ApacheToolsTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aTopicIsCreatedDescribedAlteredAndDeleted() {
        String topic = BrokerUnderTest.freshName("tools");
        tool("TopicCommand", "--create", "--topic", topic, "--partitions", "3", "--config", "retention.ms=60000");
        String described = tool("TopicCommand", "--describe", "--topic", topic);
        assertTrue(described.contains("PartitionCount: 3"), described);
        assertTrue(described.contains("retention.ms=60000"), described);
        tool("TopicCommand", "--alter", "--topic", topic, "--partitions", "5");
        assertTrue(tool("TopicCommand", "--list").contains(topic));
        tool("TopicCommand", "--delete", "--topic", topic);
    }

    @Test
    void aGroupReadsFromTheBeginningAndItsLagAndOffsetsAreManaged() throws IOException {
        String topic = BrokerUnderTest.newTopic(1);
        String group = BrokerUnderTest.freshName("tools-group");
        Path lines = folder.resolve("lines");
        Files.writeString(lines, "one\ntwo\nthree\n");
        ExternalProgram.run(command("ConsoleProducer", "--topic", topic), lines, null)
                .expectSuccess();

        String read = tool(
                "consumer.ConsoleConsumer",
                "--topic",
                topic,
                "--group",
                group,
                "--from-beginning",
                "--max-messages",
                "2");
        assertEquals(List.of("one", "two"), read.lines().limit(2).toList());

        String described = groups("--describe", "--group", group);
        assertTrue(
                described.lines().anyMatch(line -> line.matches(group + "\\s+" + topic + "\\s+0\\s+2\\s+3\\s+1\\b.*")),
                described);
        groups("--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--execute");
        assertTrue(groups("--describe", "--group", group)
                .lines()
                .anyMatch(line -> line.matches(group + "\\s+" + topic + "\\s+0\\s+0\\s+3\\s+3\\b.*")));
        assertTrue(groups("--list").contains(group));
        groups("--delete", "--group", group);
    }

    @Test
    void settingsLogDirectoriesOffsetsAndVersionsCanBeAsked() {
        String topic = BrokerUnderTest.newTopic(1);
        BrokerUnderTest.produce(topic, null, 4);
        assertEquals(topic + ":0:4", tool("GetOffsetShell", "--topic", topic).strip());
        assertTrue(tool("LogDirsCommand", "--describe", "--topic-list", topic)
                .contains("\"partition\":\"" + topic + "-0\""));
        String versions = tool("BrokerApiVersionsCommand");
        assertTrue(versions.contains("Produce(0):"), versions);
    }

    @Test
    void anIdempotentVerifiableProducerIsAcknowledged() {
        String topic = BrokerUnderTest.newTopic(1);
        String output = tool("VerifiableProducer", "--topic", topic, "--max-messages", "50");
        assertTrue(output.contains("\"sent\":50,\"acked\":50"), output);
    }

    private static String groups(String... arguments) {
        return tool("consumer.group.ConsumerGroupCommand", arguments);
    }

    private static String tool(String name, String... arguments) {
        return ExternalProgram.run(command(name, arguments)).expectSuccess().output();
    }

    private static List<String> command(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", BrokerUnderTest.address()));
        all.addAll(List.of(arguments));
        return ExternalProgram.java("milena.tools.classpath", "org.apache.kafka.tools." + name, all);
    }
}

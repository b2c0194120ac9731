package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code milena} command as processes, as scripts use it; it is a client like others, so it is tried on both brokers. */
class CommandLineTest {
    @TempDir
    Path folder = Path.of("");

    private static ExternalProgram.Result milena(String words, String... more) {
        List<String> arguments = new ArrayList<>(Arrays.asList(words.split(" ")));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("-b", BrokerUnderTest.address()));
        return ExternalProgram.run(Distribution.command(arguments.toArray(String[]::new)));
    }

    private static String output(String words) {
        return milena(words).expectSuccess().output();
    }

    private static void assertRefused(int exit, String word, ExternalProgram.Result result) {
        assertEquals(exit, result.exit(), result.errors());
        assertTrue(result.errors().contains(word), result.errors());
        assertFalse(result.errors().contains("\tat "), result.errors());
    }

    @Test
    void topicsAreCreatedListedDescribedChangedAndDeleted() {
        String topic = BrokerUnderTest.freshName("cli");
        output("topics create " + topic + " --partitions 2 --set retention.ms=60000");
        assertTrue(output("topics list").lines().anyMatch(topic::equals));
        String described = output("topics describe " + topic);
        assertTrue(described.contains("2 partition(s)"), described);
        assertTrue(described.contains("retention.ms=60000"), described);
        output("topics alter " + topic + " --partitions 3 --unset retention.ms");
        described = output("topics describe " + topic);
        assertTrue(described.contains("3 partition(s)"), described);
        assertFalse(described.contains("retention.ms"), described);
        output("topics delete " + topic);
        assertFalse(output("topics list").lines().anyMatch(topic::equals));
    }

    @Test
    void keysDecideThePartitionAsWithEveryOtherProducer() throws IOException {
        String topic = BrokerUnderTest.newTopic(5);
        Path lines = folder.resolve("lines");
        StringBuilder text = new StringBuilder();
        List<org.apache.kafka.clients.producer.ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            text.append("key-").append(i).append("=value\n");
            records.add(new org.apache.kafka.clients.producer.ProducerRecord<>(topic, "key-" + i, "value"));
        }
        Files.writeString(lines, text);
        BrokerUnderTest.produce(records, Map.of());
        milena("produce " + topic + " --key-separator = --file " + lines).expectSuccess();
        for (int partition = 0; partition < 5; partition++) {
            List<String> read = output(
                            "consume " + topic + " --from-beginning --until-end --key --partition " + partition)
                    .lines()
                    .toList();
            assertEquals(
                    read.subList(0, read.size() / 2).stream().sorted().toList(),
                    read.subList(read.size() / 2, read.size()).stream().sorted().toList(),
                    "partition " + partition);
        }
    }

    @Test
    void aGroupIsListedDescribedResetAndDeleted() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        String group = BrokerUnderTest.freshName("cli-group");
        BrokerUnderTest.produce(topic, null, 10);
        try (Admin admin = BrokerUnderTest.admin()) {
            admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(4)))
                    .all()
                    .get();
        }
        assertTrue(output("groups list").contains(group));
        assertDescribed(group, "committed 4  end 10  lag 6");

        assertTrue(output("groups reset-offsets " + group + " --topic " + topic + " --to-earliest")
                .contains("--execute"));
        assertDescribed(group, "committed 4  end 10  lag 6");
        output("groups reset-offsets " + group + " --topic " + topic + " --to-offset 7 --execute");
        assertDescribed(group, "committed 7  end 10  lag 3");
        output("groups reset-offsets " + group + " --topic " + topic + " --to-time 0 --execute");
        assertDescribed(group, "committed 0  end 10  lag 10");
        output("groups reset-offsets " + group + " --topic " + topic + " --to-latest --execute");
        assertDescribed(group, "committed 10  end 10  lag 0");

        output("groups delete " + group);
        assertFalse(output("groups list").contains(group));
    }

    private static void assertDescribed(String group, String expected) {
        String described = output("groups describe " + group);
        assertTrue(described.contains(expected), described);
    }

    @Test
    void whatIsWrongIsSaidInALineWithAnExitCodeForScripts() {
        String topic = BrokerUnderTest.newTopic(1);
        assertRefused(1, topic, milena("topics create " + topic));
        assertRefused(1, "nowhere", milena("topics describe nowhere"));
        assertRefused(1, "colour", milena("topics create other --set colour=green"));
        assertRefused(2, "--partitions", milena("topics create other --partitions many"));
        assertRefused(2, "shuffle", milena("topics shuffle"));
        assertRefused(2, "--to-", milena("groups reset-offsets g --topic " + topic));
        assertRefused(
                1, "localhost:1", ExternalProgram.run(Distribution.command("topics", "list", "-b", "localhost:1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "start",
                "topics",
                "topics create",
                "topics list",
                "topics describe",
                "topics alter",
                "topics delete",
                "topics deleted",
                "topics restore",
                "produce",
                "consume",
                "groups",
                "groups list",
                "groups describe",
                "groups reset-offsets",
                "groups delete"
            })
    void everyCommandHasHelp(String command) {
        List<String> words = new ArrayList<>(command.isEmpty() ? List.of() : Arrays.asList(command.split(" ")));
        words.add("--help");
        String help = ExternalProgram.run(Distribution.command(words.toArray(String[]::new)))
                .expectSuccess()
                .output();
        assertTrue(help.contains("Usage: milena" + (command.isEmpty() ? "" : " " + command)), help);
    }
}

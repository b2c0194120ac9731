package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.PartitionPlan.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nothing can be moved, since there is one broker: what is said, and how plans are written. {@code PlacementTest} moves partitions. */
class PartitionsCommandTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void partitionsAreListedAsTheyAre() throws IOException {
        try (CommandRunner milena = CommandRunner.withBroker(folder)) {
            milena.output("topics create orders --partitions 2");
            milena.output("topics create others");
            assertEquals(
                    List.of(
                            "orders-0  leader 1  replicas [1]  in sync [1]",
                            "orders-1  leader 1  replicas [1]  in sync [1]"),
                    milena.run("partitions list orders").succeeds().lines());
            assertEquals("", milena.output("partitions list --under-replicated"));
            String first = milena.output("partitions list orders --output json");
            assertTrue(
                    first.startsWith(
                            "[{\"topic\":\"orders\",\"partition\":0,\"leader\":1,\"replicas\":[1],\"inSync\":[1]}"),
                    first);
            assertEquals("", milena.output("partitions list --offline"));
            assertEquals("", milena.output("partitions list --reassigning"));
            milena.run("partitions list missing").isRefused(1, "topic missing", "UNKNOWN_TOPIC_OR_PARTITION");
        }
    }

    @Test
    void oneBrokerHasEverythingAlready() throws IOException {
        try (CommandRunner milena = CommandRunner.withBroker(folder)) {
            milena.output("topics create orders");
            assertEquals("Moved 1 partition(s)\n", milena.output("partitions reassign orders:0=1"));
            milena.run("partitions reassign orders:0=2").isRefused(1, "orders-0", "INVALID_REPLICA_ASSIGNMENT");
            milena.run("partitions reassign orders:0").isRefused(1, "orders:0=1,2,3");
            milena.run("partitions reassign orders").isRefused(1, "'orders'", "TOPIC:PARTITION=BROKER");
            milena.run("partitions reassign").isRefused(1, "nothing is to be moved");
            milena.run("partitions reassign orders:0 --cancel").isRefused(1, "NO_REASSIGNMENT_IN_PROGRESS");
            assertEquals("Called off the moves of 0 partition(s)\n", milena.output("partitions reassign --cancel"));
            assertEquals("Elected 0 leader(s)\n", milena.output("partitions elect"));
            assertEquals("Elected 0 leader(s)\n", milena.output("partitions elect orders:0 --type unclean"));
            assertEquals("Nothing is to be moved\n", milena.output("cluster rebalance --plan"));
            assertEquals(
                    "{\"moves\":[],\"bytes\":0,\"brokers\":[{\"id\":1,"
                            + "\"before\":{\"replicas\":1,\"preferredLeaderOf\":1,\"bytesPerSecond\":0},"
                            + "\"after\":{\"replicas\":1,\"preferredLeaderOf\":1,\"bytesPerSecond\":0}}]}\n",
                    milena.output("cluster rebalance --measure 0 --output json"));
            milena.run("cluster rebalance --execute --output json").isRefused(1, "--execute");
            milena.run("partitions elect orders").isRefused(1, "'orders' is not TOPIC:PARTITION, as in orders:0");
            milena.run("partitions elect orders:0=1").isRefused(1, "'orders:0=1' is not TOPIC:PARTITION,");
            String stays = milena.output("cluster rebalance --leaving 1 --measure 0");
            assertTrue(stays.contains("orders-0 stays: every other broker has it already, or there is none\n"), stays);
            milena.run("cluster rebalance --leaving 7").isRefused(1, "broker 7", "[1]");
        }
    }

    @Test
    void aPlanOfKafkasToolIsRead() throws IOException {
        Path file = folder.resolve("plan.json");
        Files.writeString(file, """
                {"version":1, "partitions":[
                  {"topic":"a", "partition":0, "replicas":[1, 2], "log_dirs":["any","any"]},
                  {"replicas":[3],"partition":12,"topic":"b"}]}
                """);
        assertEquals(
                Map.of(new Place("a", 0), List.of(1, 2), new Place("b", 12), List.of(3), new Place("c", 1), List.of(4)),
                PartitionPlan.of(List.of("c:1=4"), file).brokers());
    }

    @Test
    void aPlanThatSaysNothingOrTheSameTwiceIsRefused() throws IOException {
        Path file = folder.resolve("plan.json");
        Files.writeString(file, "{}");
        assertTrue(message(List.of(), file).contains("names no partition"));
        Files.writeString(file, "{\"partitions\":[{\"topic\":\"a\",\"partition\":0}]}");
        assertTrue(message(List.of(), file).contains("lacks one of topic, partition and replicas"));
        Files.writeString(file, "{\"partitions\":[{\"topic\":\"a\",\"partition\":0,\"replicas\":[1]}]}");
        assertTrue(message(List.of("a:0=2"), file).contains("partition a-0 is named twice"));
    }

    private static String message(List<String> words, Path file) {
        return String.valueOf(assertThrows(CommandFailure.class, () -> PartitionPlan.of(words, file))
                .getMessage());
    }
}

package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.client.ClusterClient;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A transaction that nobody will end, as brokers without KIP-890 could leave it in the files: a batch that came behind the markers of its transaction. Our own broker does not take such a batch, so the
 * test writes it to the log.
 */
class HangingTransactionTest {
    @TempDir
    Path data = Path.of("");

    private CommandRunner milena;

    @BeforeEach
    void begin() throws IOException {
        milena = CommandRunner.withBroker(data);
        milena.output("topics create orders --partitions 1");
        milena.run("before\n", "produce orders").succeeds();
        milena.close();
        try (LogDirectory directory = LogDirectory.open(
                data, LogDirectory.Settings.DEFAULTS, topic -> LogSettings.DEFAULTS, Environment.system())) {
            Objects.requireNonNull(directory.log("orders", 0))
                    .append(
                            new RecordBatchBuilder()
                                    .producer(4711, (short) 3, 0)
                                    .transactional()
                                    .append(1, null, ByteBuffer.wrap("late".getBytes(StandardCharsets.UTF_8)))
                                    .build()
                                    .buffer(),
                            0);
        }
        milena = CommandRunner.withBroker(data);
        milena.run("behind\n", "produce orders").succeeds();
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    /** Where readers of committed data stop. */
    private long lastStableOffset() throws IOException {
        try (ClusterClient client = milena.client()) {
            ListOffsetsRequest request = ListOffsetsRequest.builder()
                    .replicaId(-1)
                    .isolationLevel((byte) 1)
                    .topics(List.of(new ListOffsetsRequest.ListOffsetsTopic(
                            "orders",
                            List.of(ListOffsetsRequest.ListOffsetsPartition.builder()
                                    .partitionIndex(0)
                                    .timestamp(-1)
                                    .build()))))
                    .build();
            return client.sendToLeader(
                            client.topic("orders").partitions().getFirst(), request, 7, ListOffsetsResponse.class)
                    .topics()
                    .getFirst()
                    .partitions()
                    .getFirst()
                    .offset();
        }
    }

    @Test
    void isFoundAndAbortedAndReadersGoOn() throws IOException {
        // Given
        assertEquals(1, lastStableOffset());
        // When
        List<String> found = milena.run("transactions find-hanging --older-than 0")
                .succeeds()
                .lines();
        // Then
        assertEquals(1, found.size(), () -> "" + found);
        assertTrue(found.getFirst().contains("orders-0"), found::getFirst);
        assertTrue(found.getFirst().contains("4711"), found::getFirst);
        milena.run("transactions abort --topic orders --partition 0 --start-offset 1")
                .succeeds();
        assertEquals(4, lastStableOffset()); // behind the marker
        assertEquals(
                List.of(),
                milena.run("transactions find-hanging --older-than 0")
                        .succeeds()
                        .lines());
        assertEquals(List.of(1L), aborted());
    }

    /** Where the transactions begin that readers of committed data are told to leave out. */
    private List<Long> aborted() throws IOException {
        try (ClusterClient client = milena.client()) {
            FetchRequest request = FetchRequest.builder()
                    .isolationLevel((byte) 1)
                    .maxWaitMs(0)
                    .minBytes(0)
                    .topics(List.of(FetchRequest.FetchTopic.builder()
                            .topic("orders")
                            .partitions(List.of(FetchRequest.FetchPartition.builder()
                                    .partition(0)
                                    .fetchOffset(0)
                                    .partitionMaxBytes(1 << 20)
                                    .build()))
                            .build()))
                    .build();
            FetchResponse.PartitionData read = client.sendToLeader(
                            client.topic("orders").partitions().getFirst(), request, 11, FetchResponse.class)
                    .responses()
                    .getFirst()
                    .partitions()
                    .getFirst();
            return Objects.requireNonNull(read.abortedTransactions()).stream()
                    .map(FetchResponse.AbortedTransaction::firstOffset)
                    .toList();
        }
    }
}

package io.milena.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.client.ClusterAddress;
import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.PartitionReader;
import io.milena.embedded.Milena;
import io.milena.embedded.MilenaCluster;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.records.Record;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands that go on for a while, among several brokers. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MovedLeaderTest {
    private static final int BROKERS = 3;

    private static void run(MilenaCluster cluster, String line) {
        CommandRunner.execute((line + " -b " + cluster.bootstrapServers()).split(" "))
                .succeeds();
    }

    private static String next(PartitionReader reader) throws IOException {
        List<Record> found = List.of();
        while (found.isEmpty()) {
            found = reader.read(100);
        }
        return UTF_8.decode(Objects.requireNonNull(found.getFirst().value())).toString();
    }

    /** Who is asked may hear of the topic a moment after the broker that made it. */
    private static MetadataResponsePartition partition(ClusterClient client) throws IOException {
        while (true) {
            try {
                return client.topic("orders").partitions().getFirst();
            } catch (CommandFailure e) {
                assertTrue(String.valueOf(e.getMessage()).contains("UNKNOWN_TOPIC_OR_PARTITION"), e::getMessage);
            }
        }
    }

    @Test
    void whoProducesAndWhoReadsGoOnWithTheNextLeader() throws Exception {
        PipedOutputStream lines = new PipedOutputStream();
        try (MilenaCluster cluster = Milena.cluster(BROKERS);
                ClusterClient client = ClusterClient.connect(ClusterAddress.parse(cluster.bootstrapServers()));
                ExecutorService own = Executors.newSingleThreadExecutor();
                PipedInputStream input = new PipedInputStream(lines)) {
            // Given a producer and a reader that have met a leader
            run(cluster, "topics create orders --partitions 1 --replicas " + BROKERS);
            MetadataResponsePartition partition = partition(client);
            PartitionReader reader = new PartitionReader(client, "orders", partition, 0);
            Future<CommandRunner.Result> producing = own.submit(
                    () -> CommandRunner.execute(input, "produce", "orders", "-b", cluster.bootstrapServers()));
            lines.write("one\n".getBytes(UTF_8));
            lines.flush();
            assertEquals("one", next(reader));
            // When another one leads
            int second = partition.leaderId() % BROKERS + 1;
            int third = second % BROKERS + 1;
            run(cluster, "partitions reassign orders:0=" + second + "," + third + "," + partition.leaderId());
            run(cluster, "partitions elect orders:0");
            while (client.nextLeader("orders", partition).leaderId() == partition.leaderId()) {
                Thread.onSpinWait();
            }
            // Then both go on
            lines.write("two\n".getBytes(UTF_8));
            lines.close();
            assertEquals(
                    "2 record(s) acknowledged\n", producing.get().succeeds().errors());
            assertEquals("two", next(reader));
        }
    }
}

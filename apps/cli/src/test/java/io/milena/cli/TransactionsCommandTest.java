package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.client.ClusterClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionsCommandTest {
    @TempDir
    Path data = Path.of("");

    private CommandRunner milena;
    private TransactionalWriter producer;

    @BeforeEach
    void beginATransaction() throws IOException {
        milena = CommandRunner.withBroker(data);
        milena.output("topics create orders --partitions 2");
        try (ClusterClient client = milena.client()) {
            producer = TransactionalWriter.begin(client, "payments");
            producer.write(client, "orders", 1);
        }
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    @Test
    void whatIsOpenIsListedAndDescribed() {
        assertEquals(
                List.of("payments  Ongoing  producer " + producer.producerId()),
                milena.run("transactions list").succeeds().lines());
        assertEquals(
                List.of(),
                milena.run("transactions list --state Empty").succeeds().lines());
        assertEquals(
                List.of("[{\"transactionalId\":\"payments\",\"state\":\"Ongoing\",\"producerId\":"
                        + producer.producerId() + "}]"),
                milena.run("transactions list --output json").succeeds().lines());
        List<String> described =
                milena.run("transactions describe payments").succeeds().lines();
        assertTrue(described.getFirst().contains("Ongoing"), () -> "" + described);
        assertEquals("  orders-1", described.getLast());
        List<String> forPrograms = milena.run("transactions describe payments --output json")
                .succeeds()
                .lines();
        assertEquals(1, forPrograms.size());
        assertTrue(
                forPrograms
                        .getFirst()
                        .startsWith("{\"transactionalId\":\"payments\",\"state\":\"Ongoing\",\"producerId\":"
                                + producer.producerId() + ","),
                forPrograms.getFirst());
        assertTrue(
                forPrograms.getFirst().endsWith("\"partitions\":[{\"topic\":\"orders\",\"partition\":1}]}"),
                forPrograms.getFirst());
    }

    @Test
    void whatDoesNotExistIsSaidInOneLine() {
        milena.run("transactions describe nobody").isRefused(1, "nobody", "TRANSACTIONAL_ID_NOT_FOUND");
        milena.run("transactions list --state Sleeping").isRefused(1, "Sleeping");
        milena.run("transactions abort --topic orders --partition 1 --start-offset 7")
                .isRefused(1, "offset 7", "[0]");
        milena.run("transactions abort --topic orders --partition 9 --start-offset 7")
                .isRefused(1, "no partition 9");
    }

    @Test
    void aTransactionThatItsCoordinatorKnowsDoesNotHang() {
        assertEquals(
                List.of(),
                milena.run("transactions find-hanging --older-than 0")
                        .succeeds()
                        .lines());
    }

    @Test
    void aTransactionIsAbortedInItsPartition() throws IOException {
        milena.run("transactions abort --topic orders --partition 1 --start-offset 0")
                .succeeds();
        milena.run("transactions abort --topic orders --partition 1 --start-offset 0")
                .isRefused(1, "[]");
        try (ClusterClient client = milena.client()) {
            producer.abort(client);
        }
        assertEquals(
                List.of("payments  CompleteAbort  producer " + producer.producerId()),
                milena.run("transactions list").succeeds().lines());
    }
}

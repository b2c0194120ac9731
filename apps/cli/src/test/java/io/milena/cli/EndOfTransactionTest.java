package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.client.ClusterClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group that has read all, behind which only the marker stands in which the last transaction ended: consumers commit the offset of that one, and get nothing any more. */
class EndOfTransactionTest {
    private final CommandRunner milena;

    EndOfTransactionTest(@TempDir Path data) throws IOException {
        milena = CommandRunner.withBroker(data);
    }

    @BeforeEach
    void begin() throws IOException {
        milena.output("topics create orders --partitions 1");
        milena.run("tea\n", "produce orders").succeeds();
        try (ClusterClient client = milena.client()) {
            TransactionalWriter writer = TransactionalWriter.begin(client, "till");
            writer.write(client, "orders", 0);
            writer.abort(client);
        }
        milena.output("groups reset-offsets readers --topic orders --to-offset 2 --execute");
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    @Test
    void itIsNotBehind() {
        List<String> why = milena.run("why group readers --for 0").succeeds().lines();
        assertTrue(why.contains("  it has 0 record(s) to read in 1 partition(s)"), why::toString);
        List<String> top = milena.run("top --once --every 1").succeeds().lines();
        assertEquals(
                List.of("readers", "0", "0", "0", "yes"),
                Arrays.asList(top.getLast().split(" +")));
    }
}

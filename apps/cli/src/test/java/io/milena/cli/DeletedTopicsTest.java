package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic is deleted by mistake, and had back. */
class DeletedTopicsTest {
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    private static final int FAILED = 1;

    private final CommandRunner milena;

    DeletedTopicsTest(@TempDir Path data) throws IOException {
        milena = CommandRunner.withBroker(data);
        milena.output("topics create orders --partitions 2 --set retention.ms=123456789");
        milena.run("tea\ncoffee\n", "produce orders --partition 1").succeeds();
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    private static String id(String row) {
        return row.split(" +")[1];
    }

    @Test
    void aTopicIsThereAgainAsItWas() {
        // Given
        String described = milena.output("topics describe orders");
        String said = milena.output("topics delete orders");
        assertTrue(said.startsWith("Deleted orders; until "), said);
        assertTrue(said.endsWith(" it can be restored: milena topics restore orders\n"), said);
        assertTrue(TIME.matcher(said).find(), said);
        assertEquals("", milena.output("topics list"));
        // When
        assertEquals(
                "Restored orders with 2 partition(s); groups go on where they had committed\n",
                milena.output("topics restore orders"));
        // Then
        assertEquals(described, milena.output("topics describe orders"));
        assertEquals("tea\ncoffee\n", milena.output("consume orders --from-beginning --until-end"));
        assertEquals("coffee\n", milena.output("consume orders --partition 1 --offset 1 --until-end"));
        assertEquals("", milena.output("topics deleted"));
    }

    @Test
    void whatCanBeRestoredIsListedWithItsTime() {
        // Given
        milena.output("topics delete orders");
        // When
        List<String> lines = milena.run("topics deleted").succeeds().lines();
        // Then
        assertEquals(2, lines.size());
        assertEquals(
                List.of("NAME", "ID", "PARTITIONS", "BYTES", "DELETED AT", "GOES AT"),
                Arrays.asList(lines.getFirst().split("  +")));
        List<String> cells = Arrays.asList(lines.getLast().split("  +"));
        assertEquals(List.of("orders", "2"), List.of(cells.get(0), cells.get(2)));
        assertEquals(22, cells.get(1).length());
        assertTrue(Long.parseLong(cells.get(3)) > 0, cells::toString);
        assertEquals(2, TIME.matcher(lines.getLast()).results().count(), lines::toString);
    }

    @Test
    void aNameThatIsTakenNeedsAnother() {
        // Given
        milena.output("topics delete orders");
        milena.output("topics create orders");
        // When
        milena.run("topics restore orders").isRefused(FAILED, "Topic 'orders' already exists", "--as NAME");
        // Then
        assertEquals(
                "Restored orders.old with 2 partition(s); groups go on where they had committed\n",
                milena.output("topics restore orders --as orders.old"));
        assertEquals("tea\ncoffee\n", milena.output("consume orders.old --from-beginning --until-end"));
        assertEquals("orders\norders.old\n", milena.output("topics list"));
    }

    @Test
    void whereANameWasDeletedTwiceTheIdSaysWhich() {
        // Given
        milena.output("topics delete orders");
        milena.output("topics create orders --partitions 5");
        String said = milena.output("topics delete orders");
        List<String> rows = milena.run("topics deleted").succeeds().lines();
        assertTrue(said.endsWith("milena topics restore --id " + id(rows.getLast()) + "\n"), said);
        // When
        milena.run("topics restore orders")
                .isRefused(FAILED, "2 deleted topics", id(rows.get(1)), id(rows.get(2)), "--id ID");
        // Then
        assertEquals(
                "Restored orders with 2 partition(s); groups go on where they had committed\n",
                milena.output("topics restore --id " + id(rows.get(1))));
    }

    @Test
    void whatIsNotThereIsSaid() {
        milena.run("topics restore orders").isRefused(FAILED, "topic orders: ", "No deleted topic 'orders'");
        milena.run("topics restore --id AAAAAAAAAAAAAAAAAAAAAQ").isRefused(FAILED, "AAAAAAAAAAAAAAAAAAAAAQ");
        milena.output("topics delete orders");
        milena.run("topics restore orders --as a/b").isRefused(FAILED, "topic orders: ", "a/b");
        assertFalse(milena.output("topics deleted").isEmpty());
    }
}

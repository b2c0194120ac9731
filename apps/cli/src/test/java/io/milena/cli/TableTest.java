package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void numbersStandToTheRight() {
        Table table = new Table("TOPIC", "RECORDS", "MB/S").row("a", 1_000, 2.5).row("orders", 2, 10.0);
        assertEquals(List.of("TOPIC   RECORDS  MB/S", "a         1,000   2.5", "orders        2  10.0"), table.lines());
    }

    /** Or else one long sentence would move all others out of sight. */
    @Test
    void wordsInTheLastColumnBeginBelowItsTitle() {
        Table table = new Table("TOPIC", "ADVISED", "SO").row("a", 4, "too few").row("b", 2, "enough, for now");
        assertEquals(
                List.of("TOPIC  ADVISED  SO", "a            4  too few", "b            2  enough, for now"),
                table.lines());
    }
}

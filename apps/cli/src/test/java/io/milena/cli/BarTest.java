package io.milena.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class BarTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, UTF_8);

    @Test
    void itIsDrawnOverWhenItHasGrownByAPercentAndTakenAway() {
        try (Bar bar = Bar.watched(err, 2_000)) {
            bar.show(0);
            bar.show(19);
            bar.show(1_000);
            bar.show(1_001);
            bar.show(2_500);
        }
        assertEquals(
                "\r\u001b[K[..............................] 0 %"
                        + "\r\u001b[K[###############...............] 50 %"
                        + "\r\u001b[K[##############################] 100 %"
                        + "\r\u001b[K",
                bytes.toString(UTF_8));
    }

    @Test
    void whereThereIsNothingToDoNothingIsDrawn() {
        try (Bar bar = Bar.watched(err, 0)) {
            bar.show(0);
        }
        assertEquals("", bytes.toString(UTF_8));
    }
}

package io.milena.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarratorTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Narrator narrator(Charset charset, Narrator.Pace pace, String input, boolean isColoured) {
        return new Narrator(
                new PrintStream(bytes, true, charset),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                pace,
                isColoured);
    }

    @Test
    void whereThereAreNoDrawingsItUsesAscii() {
        Narrator narrator = narrator(StandardCharsets.US_ASCII, Narrator.Pace.FAST, "", false);
        narrator.title("One");
        narrator.picture(List.of("orders-0  ● leads  ○ in sync  · ", "✗ broker 1 → B …"));
        String text = bytes.toString(StandardCharsets.US_ASCII);
        assertTrue(text.contains("orders-0  * leads  o in sync  .\n"), text);
        assertTrue(text.contains("x broker 1 -> B ...\n"), text);
        assertTrue(text.contains("-----"), text);
        assertTrue(text.indexOf('?') < 0, text);
    }

    @Test
    void coloursAreOnlyWhereTheyAreWanted() {
        assertEquals(
                "word",
                narrator(StandardCharsets.UTF_8, Narrator.Pace.FAST, "", false).toned(Narrator.Tone.GOOD, "word"));
        assertEquals(
                "\u001b[32mword\u001b[0m",
                narrator(StandardCharsets.UTF_8, Narrator.Pace.FAST, "", true).toned(Narrator.Tone.GOOD, "word"));
    }

    /** The second chapter does not begin before the first line has come, and the end of the input ends all waiting. */
    @Test
    void aPauseEndsWithALineOrWithTheInput() throws Exception {
        Narrator narrator = narrator(StandardCharsets.UTF_8, Narrator.Pace.PAUSING, "x\n", false);
        narrator.rest();
        narrator.rest();
        assertEquals("  [Enter]   [Enter] ", bytes.toString(StandardCharsets.UTF_8));
    }
}

package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The story is played on real brokers, and is only told as far as it comes true. */
@Timeout(120)
class DemoCommandTest {
    @Test
    void theStoryIsPlayedToItsEndWithoutATerminal() {
        CommandRunner.Result demo = CommandRunner.execute("demo", "--fast").succeeds();
        assertEquals("", demo.errors());
        List<String> lines = demo.output().lines().toList();
        for (int chapter = 1; chapter <= 6; chapter++) {
            String begin = chapter + "  ";
            assertTrue(lines.stream().anyMatch(line -> line.startsWith(begin)), () -> begin + demo.output());
        }
        assertTrue(demo.output().contains("6 orders were acknowledged, 6 were processed"), demo.output());
        assertTrue(demo.output().contains("Under-replicated: "), demo.output());
        assertFalse(demo.output().contains("\u001b"), "colours in a file");
    }

    @Test
    void itIsEitherFastOrPausing() {
        assertEquals(2, CommandRunner.execute("demo", "--fast", "--pause").exit());
    }
}

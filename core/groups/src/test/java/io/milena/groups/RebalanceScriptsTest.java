package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The stories in {@code src/test/resources/rebalances} happen as they are written there. After a wanted change of behaviour, {@code
 * -Dtest.jvm.options=-Drebalances.write=true} writes them anew: the difference is to be reviewed like code.
 */
class RebalanceScriptsTest {
    private static final Path FOLDER = Path.of("src/test/resources/rebalances");

    @TestFactory
    List<DynamicTest> everyStoryHappensAsItIsWritten() throws IOException {
        try (Stream<Path> scripts = Files.list(FOLDER)) {
            List<DynamicTest> tests = scripts.sorted()
                    .map(script -> DynamicTest.dynamicTest(script.getFileName().toString(), () -> check(script)))
                    .toList();
            assertFalse(tests.isEmpty());
            return tests;
        }
    }

    private static void check(Path script) throws IOException {
        String expected = Files.readString(script);
        String actual = RebalanceScript.run(expected);
        if (Boolean.getBoolean("rebalances.write")) {
            Files.writeString(script, actual);
        } else {
            assertEquals(expected, actual);
        }
    }

    @Test
    void aWrongStoryIsNoticed() {
        // Given a story with an end that does not happen
        String wrong = "settings delay=0\njoin a v=3\n  a joined as b#1\n";
        // When it is run, then what happens differs from what is written
        assertThrows(AssertionError.class, () -> assertEquals(wrong, RebalanceScript.run(wrong)));
    }
}

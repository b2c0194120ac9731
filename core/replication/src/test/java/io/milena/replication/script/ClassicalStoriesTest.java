package io.milena.replication.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The accidents that replication is known for, each a text in {@code src/test/resources}; what the text says is what happens. */
class ClassicalStoriesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kip-101-no-record-is-lost-by-a-restart",
                "kip-101-logs-do-not-diverge",
                "kip-279-fast-fail-over",
                "kip-966-the-last-replica-standing",
                "kip-903-a-follower-that-was-born-again",
                "a-leader-loses-what-it-has-not-forced",
                "who-was-proposed-counts",
                "a-leader-that-missed-an-epoch"
            })
    void goesAsItIsWritten(String story) throws IOException {
        String text = text(story);
        assertTrue(text.contains("\n>"), "nothing happens");
        assertEquals(text, Script.retold(text));
    }

    private static String text(String story) throws IOException {
        try (InputStream in = ClassicalStoriesTest.class.getResourceAsStream("/stories/" + story + ".txt")) {
            if (in == null) {
                throw new IllegalArgumentException("no story " + story);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

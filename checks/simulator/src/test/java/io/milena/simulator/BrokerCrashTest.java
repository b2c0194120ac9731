package io.milena.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Seeds;
import io.milena.testkit.SimulationFailure;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BrokerCrashTest {
    private static final int STORIES = 500;
    private static final int MOVING_STORIES = 200;

    private static CrashStory story(long seed, String... settings) {
        return story(seed, false, settings);
    }

    private static CrashStory story(long seed, boolean isMoving, String... settings) {
        Map<String, String> small = new TreeMap<>(Map.of("offsets.topic.num.partitions", "2"));
        for (String setting : settings) {
            small.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return new CrashStory(seed, small, isMoving);
    }

    /** What a JVM initialises once must not wait in the middle of a story. */
    @BeforeAll
    static void warmUp() {
        story(-1).run();
    }

    @Test
    void nothingAcknowledgedIsLostDoubledOrReordered() {
        Seeds.each(BrokerCrashTest.class, STORIES, seed -> story(seed).run());
    }

    @Test
    void nothingIsLostWhilePartitionsMoveBetweenDirectories() {
        AtomicInteger moves = new AtomicInteger();
        Seeds.each(BrokerCrashTest.class, MOVING_STORIES, seed -> {
            CrashStory story = story(seed, true, "log.segment.bytes=16384");
            story.run();
            moves.addAndGet(story.moves());
        });
        assertTrue(moves.get() >= MOVING_STORIES / 2, () -> "only " + moves + " partitions have moved");
    }

    @Test
    void aSeedRepeatsItsStory() {
        CrashStory once = story(7);
        once.run();
        CrashStory again = story(7);
        again.run();
        assertEquals(once.trace(), again.trace());
    }

    /** The judge must be able to convict: a broker that answers before it forces breaks its word within a few stories. */
    @Test
    void aBrokerThatAnswersTooEarlyIsFound() {
        assertThrows(SimulationFailure.class, () -> {
            for (long seed = 0; seed < 50; seed++) {
                story(seed, "milena.durability=written").run();
            }
        });
    }
}

package io.milena.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.testkit.Seeds;
import io.milena.testkit.SimulationFailure;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BrokerCrashTest {
    private static final int STORIES = 500;

    private static CrashStory story(long seed, String... settings) {
        Map<String, String> small = new TreeMap<>(Map.of("offsets.topic.num.partitions", "2"));
        for (String setting : settings) {
            small.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return new CrashStory(seed, small);
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

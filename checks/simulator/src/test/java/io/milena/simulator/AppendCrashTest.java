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

class AppendCrashTest {
    private static final int STORIES = 150;

    private static AppendStory story(long seed, Map<String, String> settings) {
        Map<String, String> small = new TreeMap<>(settings);
        small.put("offsets.topic.num.partitions", "1");
        small.put("transaction.state.log.num.partitions", "2");
        return new AppendStory(seed, (seed & 1) == 0 ? AppendStory.Identity.SHARED : AppendStory.Identity.OWN, small);
    }

    /** What a JVM initialises once must not wait in the middle of a story. */
    @BeforeAll
    static void warmUp() {
        story(-1, Map.of()).run();
    }

    @Test
    void noAnomalyIsInAnyHistory() {
        AtomicInteger commits = new AtomicInteger();
        Seeds.each(AppendCrashTest.class, STORIES, seed -> {
            AppendStory story = story(seed, Map.of());
            story.run();
            commits.addAndGet(story.commits());
        });
        assertTrue(commits.get() > 0, "no transaction was committed");
    }

    @Test
    void aSeedRepeatsItsStory() {
        AppendStory once = story(7, Map.of());
        once.run();
        AppendStory again = story(7, Map.of());
        again.run();
        assertEquals(once.trace(), again.trace());
    }

    /** The judge must be able to convict: a broker that answers before it forces loses or tears transactions within a few stories. */
    @Test
    void aBrokerThatAnswersTooEarlyIsFound() {
        assertThrows(SimulationFailure.class, () -> {
            for (long seed = 0; seed < 50; seed++) {
                story(seed, Map.of("milena.durability", "written")).run();
            }
        });
    }
}

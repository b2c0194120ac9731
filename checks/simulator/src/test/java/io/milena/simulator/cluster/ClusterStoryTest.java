package io.milena.simulator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Seeds;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClusterStoryTest {
    private static final int STORIES = 12;
    /** Held, or it would be collected, and its level with it. */
    private static final Logger BROKERS = Logger.getLogger("io.milena");

    /** Brokers say much about faults; and what a JVM initialises once must not wait in the middle of a story. */
    @BeforeAll
    static void warmUp() {
        BROKERS.setLevel(Level.parse(System.getProperty("milena.simulator.log", "SEVERE")));
        BROKERS.setUseParentHandlers(System.getProperty("milena.simulator.log") != null);
        new ClusterStory(-1, Map.of()).run();
    }

    @Test
    void everyInvariantHoldsAfterEveryStepAndTheClusterHeals() {
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        FaultCounts faults = new FaultCounts();
        try {
            Seeds.each(ClusterStoryTest.class, STORIES, seed -> {
                ClusterStory story = new ClusterStory(seed, Map.of());
                story.run();
                acknowledged.addAndGet(story.acknowledged());
                told.incrementAndGet();
                faults.add(story.faults());
                if (Boolean.getBoolean("milena.simulator.summaries")) {
                    System.out.println(seed + ": " + story.summary());
                }
            });
        } finally {
            System.out.println("ClusterStoryTest: " + told + " stories, " + faults);
        }
        assertTrue(acknowledged.get() > 0, "nothing was acknowledged");
        if (told.get() >= STORIES) { // one story alone need not have all
            assertEquals(List.of(), faults.missing());
        }
    }

    /** The judges must be able to convict: brokers that answer before they force lose what they have acknowledged within a few stories. */
    @Test
    void brokersThatAnswerTooEarlyAreFound() {
        assertThrows(AssertionError.class, () -> {
            for (long seed = 0; seed < 30; seed++) {
                new ClusterStory(seed, Map.of("milena.durability", "written")).run();
            }
        });
    }

    @Test
    void aSeedRepeatsItsStory() {
        ClusterStory once = new ClusterStory(7, Map.of());
        once.run();
        ClusterStory again = new ClusterStory(7, Map.of());
        again.run();
        assertEquals(once.trace(), again.trace());
        assertEquals(once.summary(), again.summary());
    }
}

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

class TransactionCrashTest {
    private static final int STORIES = 300;

    private static TransactionStory story(long seed, String... settings) {
        Map<String, String> small =
                new TreeMap<>(Map.of("offsets.topic.num.partitions", "1", "transaction.state.log.num.partitions", "1"));
        for (String setting : settings) {
            small.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return new TransactionStory(seed, small);
    }

    /** What a JVM initialises once must not wait in the middle of a story. */
    @BeforeAll
    static void warmUp() {
        story(-1).run();
    }

    @Test
    void eachInputIsSeenExactlyOnceAndTransactionsWholeOrNotAtAll() {
        AtomicInteger commits = new AtomicInteger();
        Seeds.each(TransactionCrashTest.class, STORIES, seed -> {
            TransactionStory story = story(seed);
            story.run();
            commits.addAndGet(story.commits());
        });
        assertTrue(commits.get() > 0, "no transaction was committed");
    }

    @Test
    void aSeedRepeatsItsStory() {
        TransactionStory once = story(7);
        once.run();
        TransactionStory again = story(7);
        again.run();
        assertEquals(once.trace(), again.trace());
    }

    /** The judge must be able to convict: a broker that answers before it forces tears transactions, or loses them, within a few stories. */
    @Test
    void aBrokerThatAnswersTooEarlyIsFound() {
        assertThrows(SimulationFailure.class, () -> {
            for (long seed = 0; seed < 50; seed++) {
                story(seed, "milena.durability=written").run();
            }
        });
    }
}

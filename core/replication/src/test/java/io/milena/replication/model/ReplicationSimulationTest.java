package io.milena.replication.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Seeds;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many stories, each from one seed; {@code -Dmilena.seeds=10000} tells more of them. */
class ReplicationSimulationTest {
    private static final int STORIES = 100;
    private static final int TRACE_LINES_MAX = 300;

    @Test
    void everyInvariantHoldsAfterEveryEventAndAllComeTogetherInTheEnd() {
        AtomicLong stories = new AtomicLong();
        AtomicLong acknowledged = new AtomicLong();
        Seeds.each(ReplicationSimulationTest.class, STORIES, seed -> {
            Story story = Story.of(seed, Story.Trace.NOT_KEPT);
            try {
                story.tell();
                assertEquals("", story.unfinished());
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + "\n" + end(seed), e);
            }
            stories.incrementAndGet();
            acknowledged.addAndGet(story.history().acknowledged().size());
        });
        assertTrue(acknowledged.get() > 200 * stories.get(), "few records were acknowledged: " + acknowledged);
    }

    /** What led to it, told once more. */
    private static String end(long seed) {
        Story story = Story.of(seed, Story.Trace.KEPT);
        try {
            story.tell();
        } catch (AssertionError | RuntimeException e) {
            story.world().note(e::toString);
        }
        List<String> trace = story.world().trace();
        return String.join("\n", trace.subList(Math.max(0, trace.size() - TRACE_LINES_MAX), trace.size()));
    }

    @Test
    void theSameSeedTellsTheSameStory() {
        for (long seed = 0; seed < 3; seed++) {
            Story one = Story.of(seed, Story.Trace.KEPT);
            Story again = Story.of(seed, Story.Trace.KEPT);
            one.tell();
            again.tell();
            assertEquals(one.world().trace(), again.world().trace());
            assertEquals(one.world().eventCount(), again.world().eventCount());
            assertTrue(one.world().trace().size() > 1_000, "little happens");
        }
    }
}

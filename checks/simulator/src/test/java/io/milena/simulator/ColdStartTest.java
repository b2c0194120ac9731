package io.milena.simulator;

import io.milena.testkit.Seeds;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many transactional producers at the first start of a broker. */
class ColdStartTest {
    private static final int STORIES = 10;
    private static final Map<String, String> SMALL =
            Map.of("offsets.topic.num.partitions", "1", "transaction.state.log.num.partitions", "5");

    /** What a JVM initialises once must not wait in the middle of a story. */
    @BeforeAll
    static void warmUp() {
        new ColdStartStory(-1, 4, SMALL).run();
    }

    @Test
    void noEndOfTheFirstTransactionsIsRefused() {
        Seeds.each(ColdStartTest.class, STORIES, seed -> new ColdStartStory(seed, 8, SMALL).run());
    }
}

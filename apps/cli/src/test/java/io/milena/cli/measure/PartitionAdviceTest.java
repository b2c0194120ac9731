package io.milena.cli.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PartitionAdviceTest {
    @Test
    void theLargerOfTwiceTheConsumersAndATenthOfTheMegabytes() {
        assertEquals(6, new PartitionAdvice("t", 6, 3, 5).advised());
        assertEquals(13, new PartitionAdvice("t", 6, 3, 121).advised());
        assertEquals(1, new PartitionAdvice("t", 6, 0, 0).advised());
    }

    @Test
    void tooFewEnoughOrMoreThanNeeded() {
        assertTrue(new PartitionAdvice("t", 5, 3, 0)
                .verdict()
                .startsWith("too few: milena topics alter t --partitions 6"));
        assertEquals("enough", new PartitionAdvice("t", 6, 3, 0).verdict());
        assertEquals("enough", new PartitionAdvice("t", 12, 0, 0).verdict());
        assertEquals("enough", new PartitionAdvice("t", 59, 3, 0).verdict());
        assertTrue(new PartitionAdvice("t", 60, 3, 0).verdict().startsWith("more than needed"));
    }
}

package io.milena.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RangeProgressTest {
    private static final long SECOND = 1_000_000_000;

    private static RangeProgress progress(long first, long count) {
        List<Long> seeds = LongStream.range(first, first + count).boxed().toList();
        return new RangeProgress(seeds, 5 * SECOND);
    }

    @Test
    void whoWaitsIsToldHowFarItIsHowManyHaveFailedAndHowLongTheRestTakes() {
        RangeProgress progress = progress(70_000, 10_000);
        assertEquals("0 of 10,000 told, none failed, 0.0 a second", progress.soFar(5 * SECOND));
        for (int i = 0; i < 24; i++) {
            progress.passed();
        }
        assertEquals("24 of 10,000 told, none failed, 2.0 a second, 83 min 8 s to go", progress.soFar(17 * SECOND));
        progress.failed(70_024);
        assertEquals(
                "25 of 10,000 told, 1 failed, 2.0 a second, 83 min 7 s to go",
                progress.soFar(17 * SECOND + SECOND / 2));
    }

    @Test
    void inTheEndThoseThatHaveFailedAreNamed() {
        RangeProgress progress = progress(7, 3);
        progress.passed();
        assertEquals(
                "seeds 7 to 9: 1 told, 1 passed, 0 failed, in 2 s and 70 min 1 s of processor time",
                progress.summary(7 * SECOND, Duration.ofSeconds(4_201)));
        progress.failed(8);
        progress.failed(9);
        assertEquals(
                "seeds 7 to 9: 3 told, 1 passed, 2 failed (8, 9), in 60 min 0 s and 59 s of processor time",
                progress.summary(3_605 * SECOND, Duration.ofSeconds(59)));
    }
}

package io.milena.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurationHistogramTest {
    private static final long MS = 1_000_000;

    private final DurationHistogram histogram = new DurationHistogram();

    @Test
    void aDurationFallsIntoTheFirstStepThatItDoesNotPass() {
        histogram.add(MS);
        histogram.add(MS + 1);
        histogram.add(0);

        DurationHistogram.Snapshot seen = histogram.snapshot();
        assertEquals(MS, seen.boundNanos(3));
        assertEquals(1, seen.count(0));
        assertEquals(1, seen.count(3));
        assertEquals(1, seen.count(4));
        assertEquals(3, seen.count());
        assertEquals(2 * MS + 1, seen.sumNanos());
    }

    @Test
    void whatIsLongerThanAllStepsIsCountedToo() {
        histogram.add(60_000 * MS);

        DurationHistogram.Snapshot seen = histogram.snapshot();
        assertEquals(1, seen.count(seen.steps() - 1));
        assertEquals(Long.MAX_VALUE, seen.boundNanos(seen.steps() - 1));
    }

    @Test
    void aClockThatWasSetBackTakesNothingAway() {
        histogram.add(-5);

        assertEquals(0, histogram.snapshot().sumNanos());
        assertEquals(1, histogram.snapshot().count());
    }

    @Test
    void manyThreadsLoseNothing() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < 10_000; j++) {
                    histogram.add(MS);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(40_000, histogram.snapshot().count());
        assertEquals(40_000 * MS, histogram.snapshot().sumNanos());
    }
}

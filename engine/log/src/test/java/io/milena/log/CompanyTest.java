package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.runtime.Clock;
import org.junit.jupiter.api.Test;

/** How long a round of the journal waits for others, and for whom. */
class CompanyTest {
    /** Time passes only where somebody gives way, and somebody may come then. */
    private static final class Steps implements Clock {
        private long nanos;
        private long stepNanos;
        private int count;
        private Runnable meanwhile = () -> {};

        @Override
        public long millis() {
            return nanos / 1_000_000;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void parkUntil(long deadlineNanos) {
            throw new AssertionError("nobody parks");
        }

        @Override
        public void giveWay(long durationNanos) {
            count++;
            nanos += stepNanos;
            meanwhile.run();
        }
    }

    private final Steps steps = new Steps();
    private final Company company = new Company(steps);

    private void come(int count) {
        for (int i = 0; i < count; i++) {
            company.comes();
        }
    }

    private void round(int count) {
        come(count);
        company.leaves();
        company.isOver();
    }

    @Test
    void whereFewAskNobodyIsWaitedFor() {
        // Given
        round(Company.MANY - 1);
        // When
        come(1);
        company.gather();
        // Then
        assertEquals(0, steps.count);
    }

    @Test
    void whereManyAskedThreeQuartersOfThemAreWaitedFor() {
        // Given
        round(32);
        come(3);
        steps.meanwhile = () -> come(7);
        // When
        company.gather();
        // Then 3 + 3 * 7 are here
        assertEquals(3, steps.count);
    }

    @Test
    void thoseWhoCameDuringARoundAreOfTheCrowd() {
        // Given
        come(Company.MANY / 2);
        company.leaves();
        come(Company.MANY / 2);
        company.isOver();
        // When
        company.gather();
        // Then
        assertEquals(Company.STEPS_MAX, steps.count);
    }

    @Test
    void nobodyIsWaitedForLongerThanPatienceAllowsSinceTheRoundBefore() {
        // Given
        steps.stepNanos = Company.PATIENCE_NS / 4;
        round(32);
        come(1);
        steps.nanos += Company.PATIENCE_NS / 2;
        // When
        company.gather();
        // Then
        assertEquals(2, steps.count);
    }

    @Test
    void whereTheClockStandsStillTheRoundBeginsNevertheless() {
        // Given
        round(32);
        come(1);
        // When
        company.gather();
        // Then
        assertEquals(Company.STEPS_MAX, steps.count);
    }

    @Test
    void aCrowdThatHasGoneIsForgotten() {
        // Given
        round(32);
        for (int rounds = 0; rounds < 32; rounds++) {
            round(1);
        }
        come(1);
        // When
        company.gather();
        // Then
        assertEquals(0, steps.count);
    }
}

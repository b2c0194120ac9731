package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of steps of clients that crash, repeat, leave and lie, and of a broker that restarts, moves and fails to write. */
class RandomWalkTest {
    private static final int SEEDS = 100;
    private static final int STEPS = 600;

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void theInvariantsHoldAfterEveryStep(int initialDelayMs) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            RandomWalk walk = new RandomWalk(seed, initialDelayMs);
            try {
                walk.steps(STEPS);
                walk.calmDown();
                walk.everybodyLeavesSilently();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", delay " + initialDelayMs + ": " + walk.lastLines(), e);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameWalk() {
        RandomWalk one = new RandomWalk(42, 500);
        RandomWalk two = new RandomWalk(42, 500);
        one.steps(STEPS);
        two.steps(STEPS);
        assertEquals(one.lines(), two.lines());
    }
}

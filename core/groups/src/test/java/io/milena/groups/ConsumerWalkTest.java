package io.milena.groups;

import org.junit.jupiter.api.Test;

/** Members of a consumer group come, go, crash, hear nothing and change their minds, while topics grow and the coordinator moves. */
class ConsumerWalkTest {
    private static final long SEEDS = Long.getLong("milena.seeds", 150);
    private static final int STEPS = 150;

    @Test
    void noPartitionHasTwoOwnersAndEverybodyGetsThereInTheEnd() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new ConsumerWalk(seed).run(STEPS);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}

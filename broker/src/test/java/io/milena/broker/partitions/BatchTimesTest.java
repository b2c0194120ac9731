package io.milena.broker.partitions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BatchTimesTest {
    private final BatchTimes times = new BatchTimes();
    private int reads;

    private OptionalLong at(long offset, int leaderEpoch) {
        return times.at(offset, leaderEpoch, () -> {
            reads++;
            return OptionalLong.of(offset * 10 + leaderEpoch);
        });
    }

    @Test
    void whatStaysTheSameIsReadOnce() {
        for (int i = 0; i < 3; i++) {
            assertEquals(OptionalLong.of(71), at(7, 1));
            assertEquals(OptionalLong.of(81), at(8, 1));
        }
        assertEquals(2, reads);
    }

    @Test
    void anotherLeaderMayHaveOtherRecords() {
        at(7, 1);
        assertEquals(OptionalLong.of(72), at(7, 2));
        assertEquals(OptionalLong.of(72), at(7, 2));
        assertEquals(2, reads);
    }

    @Test
    void whatIsNotThereIsLookedForAgain() {
        assertEquals(OptionalLong.empty(), times.at(7, 1, OptionalLong::empty));
        assertEquals(OptionalLong.of(71), at(7, 1));
    }

    @Test
    void theEldestIsForgotten() {
        for (long offset = 0; offset <= 16; offset++) {
            at(offset, 1);
        }
        reads = 0;
        at(16, 1);
        at(1, 1);
        assertEquals(0, reads);
        at(0, 1);
        assertEquals(1, reads);
    }
}

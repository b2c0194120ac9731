package io.milena.cli.why;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class WhyTransactionTest {
    private static Answer why(String state, long nowMs, String... leaderless) {
        return new WhyTransaction("id", state, 7, 1000, 60_000, nowMs, List.of("t-0", "t-1"), List.of(leaderless))
                .answer();
    }

    @Test
    void itsProducerIsNotDone() {
        Answer answer = why("Ongoing", 11_000);
        assertTrue(answer.conclusion().startsWith("its producer has not committed"), answer.toString());
        assertEquals(
                "wait: in 50000 ms the coordinator aborts it", answer.advice().getFirst());
    }

    @Test
    void itHasTakenTooLong() {
        assertTrue(why("Ongoing", 70_000).conclusion().startsWith("it has taken longer than it may"));
    }

    @Test
    void itsEndWaitsForALeader() {
        assertEquals(
                "it waits for partitions without a leader: [t-1]",
                why("PrepareCommit", 2000, "t-1").conclusion());
        assertTrue(why("PrepareAbort", 2000).conclusion().startsWith("it is about to be over"));
    }

    @Test
    void nothingIsUnderWay() {
        assertTrue(why("CompleteAbort", 2000).conclusion().contains("the last transaction is aborted"));
        assertTrue(why("CompleteCommit", 2000).conclusion().contains("the last transaction is committed"));
        assertTrue(why("Empty", 2000).conclusion().contains("has not begun"));
    }
}

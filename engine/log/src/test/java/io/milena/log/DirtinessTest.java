package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.Dirtiness.Extent;
import io.milena.log.LogSettings.Compacting;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirtinessTest {
    private static final Compacting SETTINGS = new Compacting(true, 0.5, 1000, 0, Long.MAX_VALUE);
    /** Segments of 100 bytes from offsets 10, 20, 30 with records of the times 1,000, 2,000, 3,000; the active one begins at 40. */
    private static final List<Extent> LOG = List.of(
            new Extent(10, 100, 1000, 1900),
            new Extent(20, 100, 2000, 2900),
            new Extent(30, 100, 3000, 3900),
            new Extent(40, 100, 4000, 4900));

    private static Dirtiness of(long cleanedOffset, long boundOffset, Compacting settings, long nowMs) {
        return Dirtiness.of(LOG, cleanedOffset, boundOffset, settings, nowMs);
    }

    @Test
    void aLogThatWasNeverCompactedIsDirtyUpToItsActiveSegment() {
        assertEquals(new Dirtiness(10, 40, 0, 300, false), of(0, 50, SETTINGS, 5000));
        assertEquals(1.0, of(0, 50, SETTINGS, 5000).ratio());
    }

    @Test
    void whatWasCompactedIsClean() {
        Dirtiness dirtiness = of(30, 50, SETTINGS, 5000);
        assertEquals(new Dirtiness(30, 40, 200, 100, false), dirtiness);
        assertEquals(1 / 3.0, dirtiness.ratio(), 1e-9);
        assertFalse(dirtiness.isDue(SETTINGS));
        assertTrue(dirtiness.isDue(new Compacting(true, 0.3, 1000, 0, Long.MAX_VALUE)));
    }

    @Test
    void nothingIsDirtyWhereAllIsClean() {
        Dirtiness dirtiness = of(40, 50, new Compacting(true, 0, 1000, 0, 0), 5000);
        assertEquals(new Dirtiness(40, 40, 300, 0, false), dirtiness);
        assertFalse(dirtiness.isDue(new Compacting(true, 0, 1000, 0, 0)));
    }

    @Test
    void aSegmentThatIsPartlyCompactedCountsAsBoth() {
        assertEquals(new Dirtiness(35, 40, 300, 100, false), of(35, 50, SETTINGS, 5000));
    }

    @Test
    void aCheckpointOutsideTheLogCountsForNothing() {
        assertEquals(10, of(5, 50, SETTINGS, 5000).firstDirtyOffset());
        assertEquals(10, of(41, 50, SETTINGS, 5000).firstDirtyOffset());
    }

    @Test
    void segmentsThatEndBehindTheBoundStayAsTheyAre() {
        assertEquals(new Dirtiness(10, 30, 0, 200, false), of(0, 39, SETTINGS, 5000));
        assertEquals(new Dirtiness(10, 40, 0, 300, false), of(0, 40, SETTINGS, 5000));
        assertEquals(0, of(0, 19, SETTINGS, 5000).dirtyBytes());
    }

    @Test
    void fromTheFirstYoungSegmentOnAllStaysAsItIs() {
        Compacting lagging = new Compacting(true, 0.5, 1000, 2000, Long.MAX_VALUE);
        assertEquals(new Dirtiness(10, 20, 0, 100, false), of(0, 50, lagging, 4899));
        assertEquals(new Dirtiness(10, 30, 0, 200, false), of(0, 50, lagging, 4900));
        assertEquals(0, of(0, 50, lagging, 3899).dirtyBytes());
    }

    @Test
    void aCleanSegmentIsNotTooYoung() {
        Compacting lagging = new Compacting(true, 0.5, 1000, 2000, Long.MAX_VALUE);
        assertEquals(new Dirtiness(20, 20, 100, 0, false), of(20, 50, lagging, 3000));
    }

    @Test
    void whatIsDirtyForTooLongIsDueWhateverTheRatio() {
        Compacting pressing = new Compacting(true, 1, 1000, 0, 2000);
        assertFalse(of(30, 50, pressing, 5000).isDue(pressing));
        assertTrue(of(30, 50, pressing, 5001).isDue(pressing));
        assertFalse(of(40, 50, pressing, 9000).isDue(pressing));
    }

    @Test
    void recordsWithoutATimeAreNotOverdue() {
        List<Extent> log = List.of(new Extent(0, 100, -1, -1), new Extent(10, 0, -1, -1));
        assertFalse(Dirtiness.of(log, 0, 10, new Compacting(true, 1, 1000, 0, 2000), 10_000)
                .isOverdue());
    }

    @Test
    void anEmptyLogHasNothingToCompact() {
        assertFalse(Dirtiness.of(List.of(), 0, 0, SETTINGS, 5000).isDue(SETTINGS));
    }

    @Test
    void aLogOfOneSegmentHasNothingToCompact() {
        Dirtiness dirtiness = Dirtiness.of(List.of(new Extent(0, 100, 1, 1)), 0, 100, SETTINGS, 5000);
        assertEquals(0, dirtiness.dirtyBytes());
    }
}

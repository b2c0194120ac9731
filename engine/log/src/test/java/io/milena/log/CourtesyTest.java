package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.disk.ColdReads;
import io.milena.log.disk.CountingClock;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Those who read what is old let those go first who write. */
@Timeout(60)
class CourtesyTest {
    private static final int RECORDS = 100;
    private static final LogSettings SETTINGS = LogFixture.small(1 << 30, 4096, LogSettings.Durability.FORCED);

    @TempDir
    Path folder;

    private final CountingClock clock = new CountingClock();
    private LogDirectory directory;
    private Log log;
    private long oldBytes;

    /** What was there at the start is old. */
    @BeforeEach
    void startWithOldData() throws Exception {
        try (LogDirectory before = LogFixture.open(folder, SETTINGS, Clock.system())) {
            Log filled = LogFixture.create(before, SETTINGS);
            for (int i = 0; i < RECORDS; i++) {
                LogFixture.appended(filled.append(LogFixture.batch(i, "x".repeat(20_000)), 0));
            }
            LogFixture.flush(filled);
            oldBytes = filled.sizeInBytes();
        }
        directory = LogFixture.open(folder, SETTINGS, clock);
        log = LogFixture.existing(directory);
    }

    @AfterEach
    void stop() throws IOException {
        directory.close();
    }

    private void force() throws InterruptedException {
        LogFixture.appended(log.append(LogFixture.batch(RECORDS, "new"), 0));
        LogFixture.flush(log);
    }

    private ReadResult.Slice read(long offset) {
        return assertInstanceOf(ReadResult.Slice.class, log.read(offset, (int) oldBytes, Long.MAX_VALUE));
    }

    @Test
    void oldDataIsCheckedInPiecesAndOthersGoFirst() throws Exception {
        // Given
        force();
        // When
        ReadResult.Slice old = read(0);
        old.release();
        // Then
        assertEquals(oldBytes, old.sizeInBytes());
        assertTrue(clock.timesGivenWay() >= oldBytes / ColdReads.PIECE_BYTES, () -> clock.timesGivenWay() + " times");
    }

    @Test
    void whereNobodyForcesNobodyIsWaitedFor() {
        // When
        ReadResult.Slice old = read(0);
        old.prepare(old.position(), ColdReads.PIECE_BYTES);
        old.release();
        // Then
        assertEquals(0, clock.timesGivenWay());
    }

    @Test
    void whoChecksInBetweenDisturbsNobody() throws Exception {
        // Given
        force();
        int[] others = new int[1];
        clock.meanwhile(() -> {
            ReadResult.Slice other = read(RECORDS / 2);
            assertTrue(other.sizeInBytes() >= oldBytes / 2);
            other.release();
            others[0]++;
        });
        // When
        ReadResult.Slice old = read(0);
        old.release();
        // Then
        assertEquals(oldBytes, old.sizeInBytes());
        assertTrue(others[0] > 1);
    }

    @Test
    void oldDataIsToBeSentInPiecesToo() throws Exception {
        // Given
        ReadResult.Slice old = read(0);
        assertEquals(ColdReads.PIECE_BYTES, old.bytesAtOnce());
        force();
        // When
        old.prepare(old.position(), ColdReads.PIECE_BYTES);
        int times = clock.timesGivenWay();
        old.prepare(old.position() + ColdReads.PIECE_BYTES, ColdReads.PIECE_BYTES - 1);
        old.release();
        // Then
        assertTrue(times > 0);
        assertEquals(times, clock.timesGivenWay());
    }

    @Test
    void theTailIsSentAtOnce() throws Exception {
        // Given
        force();
        // When
        ReadResult.Slice tail = read(RECORDS);
        tail.prepare(tail.position(), tail.sizeInBytes());
        tail.release();
        // Then
        assertEquals(Integer.MAX_VALUE, tail.bytesAtOnce());
        assertEquals(0, clock.timesGivenWay());
    }
}

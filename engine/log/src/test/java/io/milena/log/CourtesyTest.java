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

/** Those who read what is old give way to those who write. */
@Timeout(60)
class CourtesyTest {
    private static final int RECORDS = 100;
    private static final LogSettings SETTINGS = LogFixture.small(1 << 30, 4096, LogSettings.Durability.FORCED);

    @TempDir
    Path folder;

    private final CountingClock clock = new CountingClock();
    private LogDirectory directory;
    private Log log;

    /** What was there at the start is old. */
    @BeforeEach
    void startWithOldData() throws Exception {
        try (LogDirectory before = LogFixture.open(folder, SETTINGS, Clock.system())) {
            Log filled = LogFixture.create(before, SETTINGS);
            for (int i = 0; i < RECORDS; i++) {
                LogFixture.appended(filled.append(LogFixture.batch(i, "x".repeat(20_000)), 0));
            }
            LogFixture.flush(filled);
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
        return assertInstanceOf(ReadResult.Slice.class, log.read(offset, 2 << 20, Long.MAX_VALUE));
    }

    @Test
    void oldDataIsSentInPiecesWithOthersBetweenThem() throws Exception {
        // Given
        ReadResult.Slice old = read(0);
        assertEquals(ColdReads.PIECE_BYTES, old.bytesAtOnce());
        force();
        int before = clock.timesGivenWay();
        // When
        old.giveWay();
        old.release();
        // Then
        assertEquals(before + 1, clock.timesGivenWay());
    }

    @Test
    void oldDataIsCheckedInPiecesWithOthersBetweenThem() throws Exception {
        // Given somebody who writes all the time
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                while (clock.timesGivenWay() == 0) {
                    force();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        // When
        while (clock.timesGivenWay() == 0) {
            ReadResult.Slice slice = read(0);
            // Then
            assertTrue(slice.sizeInBytes() > 1 << 20);
            slice.release();
        }
        writer.join();
    }

    @Test
    void theTailIsSentAtOnce() throws Exception {
        // Given
        force();
        ReadResult.Slice tail = read(RECORDS);
        force();
        int before = clock.timesGivenWay();
        // When
        tail.giveWay();
        tail.release();
        // Then
        assertEquals(Integer.MAX_VALUE, tail.bytesAtOnce());
        assertEquals(before, clock.timesGivenWay());
    }
}

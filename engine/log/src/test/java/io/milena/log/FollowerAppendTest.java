package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.log.LogSettings.Durability;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A follower's log is what its leader's is: the same batches, and what follows from them. */
class FollowerAppendTest {
    private static final LogSettings SMALL = LogFixture.small(1000, 100, Durability.FORCED);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private LogDirectory leading;
    private LogDirectory following;
    private Log leader;
    private Log follower;

    @BeforeEach
    void create() throws IOException {
        leading = open(disk, "leader");
        leader = LogFixture.create(leading, SMALL);
        following = open(disk, "follower");
        follower = LogFixture.create(following, SMALL);
    }

    @AfterEach
    void close() {
        leading.close();
        following.close();
    }

    private LogDirectory open(SimulatedFileSystem on, String name) throws IOException {
        return LogFixture.open(on.root().resolve(name), SMALL, clock);
    }

    /** As a fetch answers it. */
    private static ByteBuffer fetched(Log log, long offset, int bytesMax) throws IOException {
        if (!(log.read(offset, bytesMax, log.logEndOffset()) instanceof ReadResult.Slice slice)) {
            return ByteBuffer.allocate(0);
        }
        try {
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
            while (bytes.hasRemaining() && slice.channel().read(bytes, slice.position() + bytes.position()) >= 0) {}
            return bytes.flip();
        } finally {
            slice.release();
        }
    }

    private void followToTheEnd() throws IOException {
        for (long before = -1; before < follower.logEndOffset(); ) {
            before = follower.logEndOffset();
            LogFixture.appended(follower.appendAsFollower(fetched(leader, before, 300)));
        }
    }

    private static void assertSame(Log expected, Log actual) throws IOException {
        assertEquals(expected.logEndOffset(), actual.logEndOffset());
        assertEquals(batches(expected), batches(actual));
        assertEquals(expected.producers().toString(), actual.producers().toString());
        assertEquals(
                expected.lastStableOffset(expected.logEndOffset()), actual.lastStableOffset(actual.logEndOffset()));
        for (int epoch = 0; epoch < 4; epoch++) {
            assertEquals(expected.endOffsetFor(epoch), actual.endOffsetFor(epoch));
        }
        for (long offset = 0; offset < expected.logEndOffset(); offset++) {
            assertEquals(aborted(expected, offset), aborted(actual, offset), "aborted from " + offset);
        }
    }

    private static List<AbortedTransaction> aborted(Log log, long offset) {
        if (!(log.readCommitted(offset, 1, log.logEndOffset()) instanceof ReadResult.Slice slice)) {
            return List.of();
        }
        slice.release();
        return slice.abortedTransactions();
    }

    private static List<ByteBuffer> batches(Log log) throws IOException {
        List<ByteBuffer> batches = new ArrayList<>();
        LogReplay.of(
                log,
                0,
                batch -> batches.add(ByteBuffer.allocate(batch.sizeInBytes())
                        .put(batch.buffer())
                        .flip()));
        return batches;
    }

    @Test
    void theFollowersLogIsTheLeadersAlsoAfterAPowerCut() throws Exception {
        // Given transactions of two producers, an open one at the end, and batches of two leader epochs
        TransactionFixture.fill(leader, clock, 4);
        LogFixture.appended(leader.append(LogFixture.batchOf(9, 0, 0, clock.millis(), "a", "b"), 2));
        TransactionFixture.write(leader, clock, 10, 0);
        // When
        followToTheEnd();
        // Then
        assertSame(leader, follower);
        LogFixture.flush(follower);
        SimulatedFileSystem after = disk.copy();
        after.crashKeepingOnlyForced();
        try (LogDirectory restarted = open(after, "follower")) {
            assertSame(leader, LogFixture.existing(restarted));
        }
    }

    @Test
    void gapsThatCompactionHasLeftStay() throws Exception {
        // Given
        LogFixture.appended(leader.append(LogFixture.batch(0, "a"), 0));
        LogFixture.appended(leader.append(LogFixture.batch(0, "b", "c"), 0));
        LogFixture.appended(leader.append(LogFixture.batch(0, "d"), 0));
        ByteBuffer all = fetched(leader, 0, 10_000);
        int first = all.remaining() - fetched(leader, 1, 10_000).remaining();
        // When the follower gets the first batch and the last
        LogFixture.appended(follower.appendAsFollower(all.slice(0, first)));
        LogFixture.appended(follower.appendAsFollower(fetched(leader, 3, 10_000)));
        // Then
        assertEquals(4, follower.logEndOffset());
        assertEquals(
                List.of(0L, 3L),
                LogFixture.read(follower, 0).stream()
                        .map(LogFixture.Expected::offset)
                        .toList());
    }

    @Test
    void whatIsDamagedOrNotBehindTheEndIsRefusedAndWhatWasBeforeItStays() throws Exception {
        // Given
        LogFixture.appended(leader.append(LogFixture.batch(0, "a"), 0));
        LogFixture.appended(leader.append(LogFixture.batch(0, "b"), 0));
        ByteBuffer damaged = fetched(leader, 0, 10_000);
        damaged.put(damaged.limit() - 1, (byte) 0x55);
        // When
        LogFixture.assertRefused(AppendResult.Reason.CORRUPT_MESSAGE, follower.appendAsFollower(damaged));
        // Then
        assertEquals(1, follower.logEndOffset());
        LogFixture.assertRefused(
                AppendResult.Reason.INVALID_RECORD, follower.appendAsFollower(fetched(leader, 0, 10_000)));
        LogFixture.appended(follower.appendAsFollower(fetched(leader, 1, 10_000)));
        assertSame(leader, follower);
    }

    @Test
    void aBatchThatIsCutOffComesWithTheNextFetch() throws Exception {
        // Given
        LogFixture.appended(leader.append(LogFixture.batch(0, "a"), 0));
        LogFixture.appended(leader.append(LogFixture.batch(0, "b"), 0));
        ByteBuffer cut = fetched(leader, 0, 10_000);
        cut.limit(cut.limit() - 1);
        // When
        LogFixture.appended(follower.appendAsFollower(cut));
        // Then
        assertEquals(1, follower.logEndOffset());
        followToTheEnd();
        assertSame(leader, follower);
    }

    @Test
    void aFollowerThatBecomesLeaderKnowsItsProducers() throws Exception {
        // Given
        LogFixture.appended(leader.append(LogFixture.batchOf(9, 0, 0, clock.millis(), "a"), 0));
        followToTheEnd();
        // When a producer sends once more what the old leader has not acknowledged, and goes on
        AppendResult again = follower.append(LogFixture.batchOf(9, 0, 0, clock.millis(), "a"), 1);
        // Then
        assertEquals(new AppendResult.Duplicate(0, 0, clock.millis()), again);
        assertEquals(
                1,
                LogFixture.appended(follower.append(LogFixture.batchOf(9, 0, 1, clock.millis(), "b"), 1))
                        .baseOffset());
        assertEquals(0, follower.epochAt(0));
        assertEquals(1, follower.epochAt(1));
    }
}

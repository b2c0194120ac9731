package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.records.RecordBatch;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.Moments;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The power goes, the process dies or the disk fails at every single operation of a truncation: the log ends where it ended, or where it was to end. */
class TruncationCrashTest {
    private static final LogSettings SETTINGS = CompactionFixture.SETTINGS;

    private final HandClock clock = new HandClock();

    private static Path data(SimulatedFileSystem disk) {
        return disk.root().resolve("data");
    }

    private LogDirectory open(SimulatedFileSystem disk) throws IOException {
        return LogFixture.open(data(disk), CompactionFixture.BY_HAND, SETTINGS, clock);
    }

    /** What a log says of itself, without what compaction and a crash together may make it forget: aborted transactions of which nothing is left, and producers with no batch. */
    private record Image(
            long start,
            long end,
            List<String> batches,
            List<String> aborted,
            long stableOffset,
            List<String> producers,
            List<Integer> epochs) {
        static Image of(Log log) throws IOException {
            List<Integer> epochs = new ArrayList<>();
            for (long offset = log.logStartOffset(); offset < log.logEndOffset(); offset++) {
                epochs.add(log.epochAt(offset));
            }
            return new Image(
                    log.logStartOffset(),
                    log.logEndOffset(),
                    CompactionFixture.batches(log).stream()
                            .map(batch -> batch.baseOffset() + ":" + batch.crc() + ":" + batch.isIntact())
                            .toList(),
                    aborted(log),
                    log.lastStableOffset(log.logEndOffset()),
                    log.producers().stream()
                            .filter(each -> each.lastSequence() >= 0)
                            .map(each -> each.producerId() + ":" + each.lastSequence() + ":"
                                    + each.currentTransactionFirstOffset())
                            .toList(),
                    epochs);
        }

        /** Producers and markers of those that have records. */
        private static List<String> aborted(Log log) throws IOException {
            List<RecordBatch> batches = CompactionFixture.batches(log);
            return log.compactable().abortedTransactions(log.logStartOffset(), log.logEndOffset()).stream()
                    .filter(each -> batches.stream()
                            .anyMatch(batch -> !batch.isControl()
                                    && batch.recordCount() > 0
                                    && batch.producerId() == each.producerId()
                                    && batch.baseOffset() >= each.firstOffset()
                                    && batch.baseOffset() < each.lastOffset()))
                    .map(each -> each.producerId() + ":" + each.lastOffset())
                    .toList();
        }

        void assertIs(Image expected, String moment) {
            assertEquals(expected.start, start, moment);
            assertEquals(expected.end, end, moment);
            assertEquals(expected.epochs, epochs, moment);
            assertEquals(expected.producers, producers, moment);
            assertEquals(expected.stableOffset, stableOffset, moment);
            assertEquals(expected.aborted, aborted, moment);
            assertEquals(String.join("\n", expected.batches), String.join("\n", batches), moment);
        }
    }

    /** Takes the end of a log away. */
    @FunctionalInterface
    private interface Cut {
        void from(Log log, long offset) throws IOException;
    }

    /** A log with transactions, a part of which is compacted or deleted. */
    private SimulatedFileSystem disk(Random random) throws IOException, InterruptedException {
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, SETTINGS);
            TransactionFixture.fill(log, clock, 3);
            LogFixture.flush(log);
            if (random.nextBoolean()) {
                CompactionFixture.compact(directory);
            }
            if (random.nextBoolean()) {
                log.deleteRecordsBefore(random.nextLong(log.logEndOffset()));
                directory.applyRetention();
            }
            write(log, random, 30, 1);
            if (random.nextBoolean()) {
                directory.checkpoint();
            }
            LogFixture.flush(log);
        }
        return disk;
    }

    private void write(Log log, Random random, int count, int epoch) {
        Map<Long, Integer> sequences = new TreeMap<>();
        log.producers().forEach(each -> sequences.put(each.producerId(), each.lastSequence() + 1));
        for (int i = 0; i < count; i++) {
            long producer = 7L + random.nextInt(3);
            switch (random.nextInt(4)) {
                case 0 -> TransactionFixture.abort(log, producer);
                case 1 -> TransactionFixture.commit(log, producer);
                default -> {
                    int sequence = sequences.merge(producer, 1, Integer::sum) - 1;
                    LogFixture.appended(
                            log.append(TransactionFixture.batch(clock, producer, 0, sequence, true), epoch + i / 10));
                }
            }
        }
    }

    /** A place behind what was compacted: nothing that compaction rests on is taken away, as it lies below the high watermark. */
    private static long place(Log log, Random random) {
        long least = Math.max(log.compactable().cleanedOffset(), log.logStartOffset());
        return least + random.nextLong(log.logEndOffset() - least);
    }

    private void everyMoment(long seed, Cut cut) throws IOException, InterruptedException {
        // Given
        SimulatedFileSystem disk = disk(new Random(seed));
        Image before;
        Image after;
        Queue<SimulatedFileSystem> moments;
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.existing(directory);
            before = Image.of(log);
            long offset = place(log, new Random(seed));
            // When
            moments = Moments.of(disk);
            cut.from(log, offset);
            disk.faults(DiskFaults.none());
            moments.add(disk.copy());
            after = Image.of(log);
            assertTrue(log.logEndOffset() <= offset && log.logEndOffset() >= offset - 1);
        }
        // Then
        int moment = 0;
        boolean isDone = false;
        for (SimulatedFileSystem crashed : moments) {
            crash(crashed, seed, moment);
            Image found = assertHolds(crashed, before, after, "moment " + moment + " of seed " + seed);
            assertTrue(!isDone || found.equals(after) || (seed + moment) % 3 != 1, "it comes back");
            isDone = (seed + moment) % 3 == 1 && found.equals(after);
            moment++;
        }
        assertTrue(moment > 10, moment + " moments");
    }

    private static void crash(SimulatedFileSystem disk, long seed, int moment) throws IOException {
        switch ((int) ((seed + moment) % 3)) {
            case 0 -> disk.crashKeepingOnlyForced();
            case 1 -> disk.processKill();
            default -> disk.crash(new Random(seed * 1000 + moment));
        }
    }

    /** Opens a disk after a crash: it is the one or the other, and stays so when more is written, and after another crash. */
    private Image assertHolds(SimulatedFileSystem disk, Image before, Image after, String moment)
            throws IOException, InterruptedException {
        Image found;
        Image more;
        SimulatedFileSystem again;
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.existing(directory);
            assertFalse(log.isOffline(), moment);
            found = Image.of(log);
            found.assertIs(found.end() == before.end() ? before : after, moment);
            write(log, new Random(1), 12, 8);
            LogFixture.flush(log);
            more = Image.of(log);
            again = disk.copy();
        }
        again.crashKeepingOnlyForced();
        try (LogDirectory directory = open(again)) {
            Image.of(LogFixture.existing(directory)).assertIs(more, moment + ", later");
        }
        return found;
    }

    @Test
    void everyMomentLeavesTheOldEndOrTheNewOne() {
        LogFixture.each(TruncationCrashTest.class, 5, seed -> everyMoment(seed, Log::truncateTo));
    }

    @Test
    void everyMomentOfANewStartLeavesTheOldLogOrTheNewOne() {
        LogFixture.each(TruncationCrashTest.class, 3, seed -> everyMoment(seed, Log::truncateFullyAndStartAt));
    }

    /** The start that ends what was begun has a sealed segment where the active one was, and reads it no more. */
    @Test
    void everyMomentLeavesTheEpochsThatBeganInTheSegmentThatIsCut() throws IOException, InterruptedException {
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        Queue<SimulatedFileSystem> moments;
        try (LogDirectory directory = open(disk)) {
            Log log = LogFixture.create(directory, LogFixture.small(1 << 20, 100, LogSettings.Durability.FORCED));
            for (int epoch = 0; epoch < 3; epoch++) {
                LogFixture.appended(log.append(TransactionFixture.batch(clock, 7, 0, epoch, false), epoch));
            }
            LogFixture.flush(log);
            directory.checkpoint();
            moments = Moments.of(disk);
            log.truncateTo(2);
            disk.faults(DiskFaults.none());
        }
        int moment = 0;
        for (SimulatedFileSystem crashed : moments) {
            crash(crashed, 0, moment++);
            try (LogDirectory directory = open(crashed)) {
                Log log = LogFixture.existing(directory);
                assertEquals(0, log.epochAt(0), "moment " + moment);
                assertEquals(1, log.epochAt(1), "moment " + moment);
            }
        }
        assertTrue(moment > 10, moment + " moments");
    }

    @Test
    void aCrashDuringTheRepairOfACrashLeavesOneOfThemToo() {
        LogFixture.each(TruncationCrashTest.class, 1, seed -> {
            SimulatedFileSystem disk = disk(new Random(seed));
            Image before;
            Image after;
            Queue<SimulatedFileSystem> moments;
            try (LogDirectory directory = open(disk)) {
                Log log = LogFixture.existing(directory);
                before = Image.of(log);
                moments = Moments.of(disk);
                log.truncateTo(place(log, new Random(seed)));
                disk.faults(DiskFaults.none());
                after = Image.of(log);
            }
            int crash = 0;
            List<SimulatedFileSystem> some = List.copyOf(moments);
            for (int i = (some.size() - 1) % 9; i < some.size(); i += 9) { // the last of them too
                SimulatedFileSystem once = some.get(i);
                crash(once, seed, crash);
                Queue<SimulatedFileSystem> again = Moments.of(once);
                open(once).close();
                for (SimulatedFileSystem twice : again) {
                    crash(twice, seed, ++crash);
                    assertHolds(twice, before, after, "crash " + crash + " of seed " + seed);
                }
            }
        });
    }

    @Test
    void everyFailureOfTheDiskLeavesTheLogAsItWasOrWholeAfterARestart() {
        LogFixture.each(TruncationCrashTest.class, 1, seed -> {
            SimulatedFileSystem disk = disk(new Random(seed));
            int offline = 0;
            int unchanged = 0;
            boolean wasHit = true;
            for (int skip = 0; wasHit; skip++) {
                SimulatedFileSystem failing = disk.copy();
                AtomicInteger toPass = new AtomicInteger(skip);
                Image before;
                Image after;
                try (LogDirectory directory = open(disk.copy())) {
                    Log log = LogFixture.existing(directory);
                    before = Image.of(log);
                    log.truncateTo(place(log, new Random(seed)));
                    after = Image.of(log);
                }
                try (LogDirectory directory = open(failing)) {
                    Log log = LogFixture.existing(directory);
                    long offset = place(log, new Random(seed));
                    // When
                    failing.faults((operation, path) -> {
                        if (operation != DiskOperation.LIST && toPass.getAndDecrement() == 0) {
                            throw DiskFaults.inputOutputError(path);
                        }
                    });
                    String failure = "";
                    try {
                        log.truncateTo(offset);
                    } catch (IOException e) {
                        failure = String.valueOf(e.getMessage());
                    }
                    failing.faults(DiskFaults.none());
                    wasHit = toPass.get() < 0;
                    // Then
                    if (log.isOffline()) {
                        offline++;
                    } else if (!failure.isEmpty()) {
                        unchanged++;
                        Image.of(log).assertIs(before, failure);
                    }
                }
                assertHolds(failing, before, after, "failure " + skip + " of seed " + seed);
            }
            assertTrue(offline > 5 && unchanged > 2, offline + " offline, " + unchanged + " unchanged");
        });
    }
}

package io.milena.log;

import static io.milena.log.CompactionFixture.BY_HAND;
import static io.milena.log.CompactionFixture.SETTINGS;
import static io.milena.log.CompactionFixture.append;
import static io.milena.log.CompactionFixture.compact;
import static io.milena.log.CompactionFixture.fill;
import static io.milena.log.CompactionFixture.latest;
import static io.milena.log.CompactionFixture.offsets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.disk.Pace;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Compaction while others append, read, delete and fail. */
@Timeout(60)
class CompactionAmongOthersTest {
    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");

    private LogDirectory open() throws IOException {
        return LogFixture.open(data, BY_HAND, SETTINGS, clock);
    }

    @Test
    void whoReadsAnOldSegmentReadsItToItsEnd() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SETTINGS);
            fill(log, new TreeMap<>(), 60, 3, clock.millis());
            ReadResult.Slice slice = assertInstanceOf(ReadResult.Slice.class, log.read(0, 1 << 20, Long.MAX_VALUE));
            // When
            assertEquals(1, compact(directory));
            directory.applyRetention();
            // Then
            long next = 0;
            for (RecordBatch batch : RecordBatches.of(slice.take())) {
                assertTrue(batch.isIntact());
                assertEquals(next, batch.baseOffset());
                next = batch.nextOffset();
            }
            assertTrue(next >= 10);
            assertFalse(offsets(log).contains(0L));
        }
    }

    @Test
    void appendsReadsAndRetentionGoOn() throws Exception {
        // Given
        LogSettings settings = SETTINGS.with(new LogSettings.Deleting(true, -1, 20_000));
        LogDirectory.Settings busy = new LogDirectory.Settings(1, 2, 4).with(new CleanerSettings(2, 2400, 1e9, 1));
        Map<String, String> model = new TreeMap<>();
        try (LogDirectory directory = LogFixture.open(data, busy, settings, Clock.system())) {
            Log log = LogFixture.create(directory, settings);
            AtomicBoolean isOver = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(Thread.ofPlatform().start(() -> {
                    try {
                        while (!isOver.get()) {
                            readAll(log);
                        }
                    } catch (IOException | RuntimeException | Error e) {
                        failure.set(e);
                    }
                }));
            }
            // When
            for (int round = 0; round < 60; round++) {
                fill(log, model, 50, 40, Clock.system().millis());
            }
            Deadline patience = Deadline.afterMs(Clock.system(), 30_000);
            assertTrue(log.changed()
                    .await(() -> directory.cleaner().lastRun().isPresent() && log.logStartOffset() > 0, patience));
            isOver.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            // Then
            assertEquals(null, failure.get());
            assertFalse(log.isOffline());
            assertEquals(Map.of(), directory.cleaner().uncleanable());
            assertEquals(3000, log.logEndOffset());
            directory.applyRetention(); // or it might go on under the hands of who reads
            assertEquals(model, latest(log));
        }
        try (LogDirectory directory = open()) {
            assertEquals(model, latest(LogFixture.existing(directory)));
        }
    }

    /** Whoever reads sees records in order, each with the value that was written at its offset. */
    private static void readAll(Log log) throws IOException {
        long last = -1;
        long next = log.logStartOffset();
        while (log.read(next, 500, Long.MAX_VALUE) instanceof ReadResult.Slice slice) {
            for (RecordBatch batch : RecordBatches.of(slice.take())) {
                assertTrue(batch.isIntact());
                for (Record record : batch.records()) {
                    assertTrue(record.offset() > last);
                    last = record.offset();
                    assertEquals(CompactionFixture.value(last), CompactionFixture.text(record.value()));
                }
                next = batch.nextOffset();
            }
        }
    }

    @Test
    void aDeletedLogIsGivenUpAndItsSuccessorIsNotTouched() throws Exception {
        boolean wasHit = true;
        for (int skip = 0; wasHit; skip++) {
            SimulatedFileSystem world = SimulatedFileSystem.create(clock);
            try (LogDirectory directory = LogFixture.open(world.root().resolve("data"), BY_HAND, SETTINGS, clock)) {
                // Given
                Log log = LogFixture.create(directory, SETTINGS);
                fill(log, new TreeMap<>(), 40, 3, clock.millis());
                Map<String, String> model = new TreeMap<>();
                AtomicInteger toPass = new AtomicInteger(skip);
                AtomicBoolean isExchanging = new AtomicBoolean();
                world.faults((operation, path) -> {
                    // Forces and what follows them are done while nobody can delete the log.
                    boolean isUnlocked = operation == DiskOperation.READ || operation == DiskOperation.WRITE;
                    isExchanging.compareAndSet(
                            false,
                            operation == DiskOperation.FORCE && path.toString().contains("orders-0"));
                    if (operation == DiskOperation.OPEN) {
                        isExchanging.set(false);
                    }
                    if (isUnlocked
                            && !isExchanging.get()
                            && path.toString().contains("orders-0")
                            && toPass.getAndDecrement() == 0) {
                        world.faults(DiskFaults.none());
                        // When
                        succeed(directory, log, model);
                    }
                });
                directory.cleaner().compactDirtiest();
                world.faults(DiskFaults.none());
                wasHit = toPass.get() < 0;
                // Then
                if (wasHit) {
                    assertEquals(model, latest(LogFixture.existing(directory)), "operation " + skip);
                    assertEquals(Map.of(), directory.cleaner().uncleanable());
                    compact(directory);
                    assertEquals(model, latest(LogFixture.existing(directory)), "operation " + skip);
                }
            }
            try (LogDirectory directory = LogFixture.open(world.root().resolve("data"), BY_HAND, SETTINGS, clock)) {
                assertEquals(3, latest(LogFixture.existing(directory)).size());
            }
        }
    }

    /** Deletes a log and makes another of the same name. */
    private void succeed(LogDirectory directory, Log log, Map<String, String> model) throws IOException {
        LogFixture.delete(directory, log);
        Log successor =
                directory.create("orders", List.of(0), new UUID(7, 7), SETTINGS).getFirst();
        try {
            fill(successor, model, 50, 3, clock.millis());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aDamagedLogIsLeftAloneForAWhileAndDisturbsNoOther() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SETTINGS);
            Log other = directory
                    .create("orders", List.of(1), log.topicId(), SETTINGS)
                    .getFirst();
            Map<String, String> model = new TreeMap<>();
            fill(log, model, 60, 3, clock.millis());
            fill(other, new TreeMap<>(), 40, 3, clock.millis());
            Path file = data.resolve("orders-0").resolve("00000000000000000000.log");
            flip(file, 300);
            long size = log.sizeInBytes();
            // When
            assertEquals(2, compact(directory));
            // Then
            assertEquals(
                    List.of("orders-0"),
                    List.copyOf(directory.cleaner().uncleanable().keySet()));
            assertTrue(directory.cleaner().uncleanable().toString().contains(file.toString()));
            assertEquals("orders-1", directory.cleaner().lastRun().orElseThrow().log());
            assertFalse(log.isOffline());
            assertEquals(size, log.sizeInBytes());
            append(log, clock.millis(), "a=1");
            clock.advanceMs(59_999);
            assertEquals(0, compact(directory));
            // When
            clock.advanceMs(1);
            assertEquals(1, compact(directory));
            clock.advanceMs(60_000);
            assertEquals(0, compact(directory));
            // Then
            flip(file, 300);
            clock.advanceMs(60_000);
            assertEquals(1, compact(directory));
            assertEquals(Map.of(), directory.cleaner().uncleanable());
            model.put("a", "1");
            assertEquals(model, latest(log));
        }
    }

    private static void flip(Path file, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
            channel.write(one, position);
        }
    }

    @Test
    void aStopEndsACompactionThatWaitsForItsPace() throws Exception {
        // Given
        LogDirectory.Settings slow = BY_HAND.with(new CleanerSettings(1, 1 << 16, 100, 1000));
        SimulatedFileSystem after;
        Map<String, String> model = new TreeMap<>();
        try (LogDirectory directory = LogFixture.open(data, slow, SETTINGS, clock)) {
            Log log = LogFixture.create(directory, SETTINGS);
            fill(log, model, 60, 3, clock.millis());
            AtomicBoolean hasBegun = new AtomicBoolean();
            disk.faults((operation, path) -> hasBegun.compareAndSet(
                    false, operation == DiskOperation.READ && path.toString().endsWith(".log")));
            // When
            while (!hasBegun.get()) {
                clock.advanceMs(1);
                Thread.onSpinWait();
            }
            assertTrue(directory.cleaner().lastRun().isEmpty());
        }
        // Then
        after = disk.copy();
        after.processKill();
        try (LogDirectory directory = LogFixture.open(after.root().resolve("data"), BY_HAND, SETTINGS, clock)) {
            Log log = LogFixture.existing(directory);
            assertEquals(model, latest(log));
            assertEquals(60, offsets(log).size());
        }
    }

    @Test
    void thePaceIsKeptOnTheAverage() throws Exception {
        Pace pace = new Pace(clock, 1000);
        pace.spend(500);
        AtomicInteger done = new AtomicInteger();
        Thread spender = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < 3; i++) {
                    pace.spend(500);
                    done.incrementAndGet();
                }
            } catch (InterruptedException e) {
                throw new UncheckedIOException(new IOException(e));
            }
        });
        for (int i = 0; i < 3; i++) {
            awaitParked(1);
            assertEquals(i, done.get());
            clock.advanceMs(499);
            assertEquals(i, done.get());
            clock.advanceMs(1);
            int wanted = i + 1;
            while (done.get() < wanted) {
                Thread.onSpinWait();
            }
        }
        spender.join();
    }

    private void awaitParked(int threads) {
        while (clock.parkedThreads() < threads) {
            Thread.onSpinWait();
        }
    }
}

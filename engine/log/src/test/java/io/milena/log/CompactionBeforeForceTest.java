package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.disk.Checkpoint;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compaction rests on nothing that a power cut may take: neither on the end of a transaction nor on the last batch of a producer. */
class CompactionBeforeForceTest {
    private static final LogDirectory.Settings ONLY_ON_REQUEST = new LogDirectory.Settings(
                    Long.MAX_VALUE, Long.MAX_VALUE, 16)
            .with(new CleanerSettings(0, 1 << 16, Double.MAX_VALUE, 1000));

    private final HandClock clock = new HandClock();
    private SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private LogDirectory directory;
    private Log log;

    @BeforeEach
    void open() throws IOException {
        directory = openDirectory();
        log = LogFixture.create(directory, CompactionFixture.SETTINGS);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private Path data() {
        return disk.root().resolve("data");
    }

    private LogDirectory openDirectory() throws IOException {
        return LogFixture.open(data(), ONLY_ON_REQUEST, CompactionFixture.SETTINGS, clock);
    }

    private void losePowerWithoutSnapshots() throws IOException {
        SimulatedFileSystem after = disk.copy();
        directory.close();
        after.crashKeepingOnlyForced();
        disk = after;
        Path folder = data().resolve("orders-0");
        for (String name : LogFixture.names(folder)) {
            if (name.endsWith(".snapshot")) {
                Files.delete(folder.resolve(name));
            }
        }
        Checkpoint.forceDirectory(folder);
        directory = openDirectory();
        log = LogFixture.existing(directory);
    }

    @Test
    void anAbortThatIsNotForcedTakesNothingAway() throws Exception {
        long first = TransactionFixture.write(log, clock, 7, 0);
        CompactionFixture.fill(log, new TreeMap<>(), 40, 4, clock.millis());
        TransactionFixture.abort(log, 7);

        CompactionFixture.compact(directory);
        losePowerWithoutSnapshots();

        assertEquals(first, log.lastStableOffset(log.logEndOffset()));
        List<Long> offsets = CompactionFixture.offsets(log);
        assertTrue(offsets.contains(first), offsets::toString);
    }

    @Test
    void aProducerIsKnownAlthoughItsLastBatchWasNotForced() throws Exception {
        LogFixture.appended(log.append(batch(0), 0));
        CompactionFixture.fill(log, new TreeMap<>(), 40, 4, clock.millis());
        LogFixture.appended(log.append(batch(1), 0));

        assertTrue(CompactionFixture.compact(directory) > 0);
        losePowerWithoutSnapshots();

        assertEquals(7, log.producers().getFirst().producerId());
        LogFixture.assertRefused(AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER, log.append(batch(5), 0));
    }

    @Test
    void aLogThatCannotBeForcedHoldsOthersUpForAWhileOnly() throws Exception {
        CompactionFixture.fill(log, new TreeMap<>(), 40, 4, clock.millis());
        LogFixture.appended(log.append(batch(0), 0));
        disk.faults((operation, path) -> {
            if (operation == DiskOperation.FORCE) {
                throw new IOException(path + ": Too many open files");
            }
        });

        CompletableFuture<Boolean> compaction = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                compaction.complete(directory.cleaner().compactDirtiest());
            } catch (InterruptedException | RuntimeException e) {
                compaction.completeExceptionally(e);
            }
        });
        long patience = System.nanoTime() + 60_000_000_000L;
        while (!compaction.isDone()) {
            clock.advanceMs(10);
            assertTrue(System.nanoTime() < patience, "it waits without an end");
        }

        assertTrue(directory.cleaner().uncleanable().containsKey("orders-0"));
        disk.faults(DiskFaults.none());
        clock.advanceMs(60_000);
        assertTrue(CompactionFixture.compact(directory) > 0);
        assertEquals(Map.of(), directory.cleaner().uncleanable());
    }

    /** Of a producer's record, whose key the others overwrite. */
    private ByteBuffer batch(int sequence) {
        return CompactionFixture.builder(clock.millis(), "key 1=mine")
                .producer(7, (short) 0, sequence)
                .build()
                .buffer();
    }
}

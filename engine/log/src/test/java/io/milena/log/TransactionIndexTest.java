package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.records.ControlRecord;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transaction indexes that are lost or damaged after a clean stop are made anew from the batches; as long as they are there, nobody reads batches for them. */
class TransactionIndexTest {
    private static final LogSettings SMALL = LogFixture.small(1500, 200, Durability.FORCED);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final Path folder = data.resolve("orders-0");

    /** What may happen to a file. */
    enum Damage {
        LOST {
            @Override
            void hit(Path file) throws IOException {
                Files.delete(file);
            }
        },
        TORN {
            @Override
            void hit(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
            }
        },
        ONE_ENTRY_LESS {
            @Override
            void hit(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, bytes.length - 34));
            }
        },
        ONE_BIT {
            @Override
            void hit(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 1] ^= 1; // of the last stable offset, which is as good as the right one
                Files.write(file, bytes);
            }
        },
        ZEROS {
            @Override
            void hit(Path file) throws IOException {
                Files.write(file, new byte[Files.readAllBytes(file).length]);
            }
        };

        abstract void hit(Path file) throws IOException;
    }

    private LogDirectory open() throws IOException {
        return LogFixture.open(data, SMALL, clock);
    }

    private List<Path> indexes() throws IOException {
        return LogFixture.names(folder).stream()
                .filter(name -> name.endsWith(".txnindex"))
                .map(folder::resolve)
                .toList();
    }

    private Map<Path, byte[]> contents() throws IOException {
        Map<Path, byte[]> contents = new TreeMap<>();
        for (Path file : indexes()) {
            contents.put(file, Files.readAllBytes(file));
        }
        return contents;
    }

    private static void assertSame(Map<Path, byte[]> expected, Map<Path, byte[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((file, bytes) -> assertTrue(Arrays.equals(bytes, actual.get(file)), file::toString));
    }

    private List<AbortedTransaction> fill() throws IOException {
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            TransactionFixture.fill(log, clock, 4);
            TransactionFixture.write(log, clock, 9, 1000);
            TransactionFixture.abort(log, 9);
            return log.compactable().abortedTransactions(0, log.logEndOffset());
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void everyAbortedTransactionIsStillKnown(Damage damage) throws Exception {
        List<AbortedTransaction> model = fill();
        Map<Path, byte[]> before = contents();
        assertEquals(4, before.size());
        for (Path file : before.keySet()) {
            // When
            damage.hit(file);
            // Then
            try (LogDirectory directory = open()) {
                Log log = LogFixture.existing(directory);
                assertEquals(model, log.compactable().abortedTransactions(0, log.logEndOffset()), file.toString());
            }
            assertSame(before, contents());
        }
        // And all of them at once, with those who know of snapshots only
        for (Path file : before.keySet()) {
            damage.hit(file);
        }
        try (LogDirectory directory = open()) {
            Log log = LogFixture.existing(directory);
            assertEquals(model, log.compactable().abortedTransactions(0, log.logEndOffset()));
        }
        assertSame(before, contents());
    }

    @Test
    void aStopThatWasNoneLeavesWhatNoticesALoss() throws Exception {
        // Given
        List<AbortedTransaction> model;
        SimulatedFileSystem after;
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SMALL);
            TransactionFixture.fill(log, clock, 4);
            LogFixture.flush(log);
            directory.checkpoint();
            model = log.compactable().abortedTransactions(0, log.logEndOffset());
            after = disk.copy();
        }
        after.crashKeepingOnlyForced();
        Path there = after.root().resolve("data");
        // When
        Files.delete(there.resolve("orders-0").resolve("00000000000000000000.txnindex"));
        // Then
        try (LogDirectory directory = LogFixture.open(there, SMALL, clock)) {
            Log log = LogFixture.existing(directory);
            assertEquals(model, log.compactable().abortedTransactions(0, log.logEndOffset()));
        }
    }

    @Test
    void whatTheMarksSayIsNoHarmWhenItIsLostOrWrong() throws Exception {
        // Given
        List<AbortedTransaction> model = fill();
        Path marks = folder.resolve("transaction-index-checkpoint");
        assertTrue(Files.exists(marks));
        for (String text : List.of(
                "",
                "0\n",
                "0\n1\n0 1000000 77\n0 5\nx 1 1\n",
                "\0\0\0\0",
                "0 99999999999999 -1\n",
                "0\n1\n0 4294967295 5\n")) {
            // When
            Files.writeString(marks, text);
            // Then
            try (LogDirectory directory = open()) {
                Log log = LogFixture.existing(directory);
                assertEquals(model, log.compactable().abortedTransactions(0, log.logEndOffset()), text);
            }
        }
    }

    @Test
    void aCleanStopLeavesNothingToBeReadOfSealedSegments() throws Exception {
        // Given
        fill();
        AtomicLong reads = new AtomicLong();
        String active = LogFixture.names(folder).stream()
                .filter(name -> name.endsWith(".log"))
                .reduce((older, newer) -> newer)
                .orElseThrow();
        disk.faults((operation, path) -> {
            String name = path.toString();
            if (operation == DiskOperation.READ && name.endsWith(".log") && !name.endsWith(active)) {
                reads.incrementAndGet();
            }
        });
        // When
        try (LogDirectory directory = open()) {
            // Then
            assertEquals(0, reads.get());
            Log log = LogFixture.existing(directory);
            assertFalse(
                    log.compactable().abortedTransactions(0, log.logEndOffset()).isEmpty());
            assertEquals(0, reads.get());
        }
    }

    @Test
    void aMarkerWhoseEntryCannotBeWrittenWasNeverThere() throws Exception {
        try (LogDirectory directory = open()) {
            // Given
            Log log = LogFixture.create(directory, SMALL);
            TransactionFixture.write(log, clock, 7, 0);
            LogFixture.flush(log);
            disk.openFilesMax(1); // the batches are open already
            // When
            AppendResult result = log.appendMarker(7, (short) 0, 1, ControlRecord.ABORT, 0);
            // Then
            LogFixture.assertRefused(AppendResult.Reason.KAFKA_STORAGE_ERROR, result);
            assertEquals(0, log.lastStableOffset(log.logEndOffset()));
            disk.openFilesMax(Integer.MAX_VALUE);
            assertEquals(1, TransactionFixture.abort(log, 7));
            assertEquals(2, log.lastStableOffset(2));
            assertEquals(
                    List.of(new AbortedTransaction(7, 0, 1, 2)),
                    log.compactable().abortedTransactions(0, 2));
        }
    }
}

package io.milena.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.AppendResult;
import io.milena.log.CleanerSettings;
import io.milena.log.Log;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.records.ControlRecord;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of file that a partition has, in the hands of Apache Kafka's dump tool: transactions, open and ended ones, compaction, truncation. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "tests our files, not a broker")
class WrittenFilesTest {
    private static final LogDirectory.Settings BY_HAND = new LogDirectory.Settings(100, Long.MAX_VALUE, 16)
            .with(new CleanerSettings(0, 1 << 20, Double.MAX_VALUE, 1000));

    @TempDir
    Path folder = Path.of("");

    private LogDirectory open(LogSettings settings) throws IOException {
        return LogDirectory.open(
                folder, BY_HAND, topic -> settings, new Environment(Clock.system(), Threads.system(), new Random(1)));
    }

    private static Log create(LogDirectory directory, LogSettings settings) throws IOException {
        return directory.create("t", List.of(0), new UUID(1, 2), settings).getFirst();
    }

    /** Small segments, with an index entry for every batch or so. */
    private static LogSettings settings(boolean isCompacted) {
        LogSettings small = LogSettings.DEFAULTS.with(new LogSettings.Segmenting(4000, Long.MAX_VALUE, 0, 100));
        return isCompacted
                ? small.with(new LogSettings.Compacting(true, 0.01, 0, 0, Long.MAX_VALUE))
                        .with(new LogSettings.Deleting(false, -1, -1))
                : small;
    }

    private Path partition() {
        return folder.resolve("t-0");
    }

    private static RecordBatchBuilder batch(int number, int keys) {
        byte[] value = (number + "v".repeat(60)).getBytes(UTF_8);
        boolean isTombstone = number % 7 == 3;
        return new RecordBatchBuilder()
                .append(
                        System.currentTimeMillis(),
                        ByteBuffer.wrap(("key-" + number % keys).getBytes(UTF_8)),
                        isTombstone ? null : ByteBuffer.wrap(value));
    }

    private static long appended(AppendResult result) {
        return assertInstanceOf(AppendResult.Appended.class, result).baseOffset();
    }

    private static void send(Log log, RecordBatchBuilder batch, int leaderEpoch) {
        appended(log.append(batch.build().buffer(), leaderEpoch));
    }

    /** Each of two producers in turn, whose transactions are committed and aborted in turn; the last one stays open. */
    private static void transactions(Log log, int rounds) {
        for (int i = 0; i < rounds; i++) {
            for (long producer = 7; producer < 9; producer++) {
                send(log, batch(2 * i, 5).producer(producer, (short) 0, 2 * i).transactional(), i / 10);
                send(
                        log,
                        batch(2 * i + 1, 5)
                                .producer(producer, (short) 0, 2 * i + 1)
                                .transactional(),
                        i / 10);
            }
            for (long producer = 7; producer < 9; producer++) {
                ControlRecord end = (i + producer) % 3 == 0 ? ControlRecord.ABORT : ControlRecord.COMMIT;
                appended(log.appendMarker(producer, (short) 0, 3, end, i / 10));
            }
            send(log, batch(i, 5).producer(9, (short) 0, i), i / 10);
        }
        send(log, batch(1, 5).producer(7, (short) 0, 2 * rounds).transactional(), 100);
    }

    private void checkIndexes() throws IOException {
        List<String> indexes = DumpTool.files(partition()).stream()
                .map(Path::toString)
                .filter(file -> file.endsWith(".index") || file.endsWith(".timeindex"))
                .toList();
        String checked = DumpTool.run("--index-sanity-check", "--files", String.join(",", indexes));
        int sound = lines(checked, "passed sanity check").size()
                + lines(checked, "is empty").size(); // of a segment of one or two batches
        assertEquals(indexes.size(), sound, checked);
        DumpTool.run("--verify-index-only", "--files", String.join(",", indexes));
    }

    private String dumpAll() throws IOException {
        checkIndexes();
        return DumpTool.dump(partition());
    }

    private static List<String> lines(String dump, String part) {
        return dump.lines().filter(line -> line.contains(part)).toList();
    }

    /** The offsets of records, markers among them. */
    private static List<Long> offsets(String dump) {
        List<Long> offsets = new ArrayList<>();
        for (String line : lines(dump, "| offset: ")) {
            offsets.add(Long.parseLong(line.split(" ")[2]));
        }
        return offsets;
    }

    private static int files(List<Path> files, String ending) {
        return (int)
                files.stream().filter(file -> file.toString().endsWith(ending)).count();
    }

    @Test
    void itReadsTransactions() throws Exception {
        // Given
        long end;
        try (LogDirectory directory = open(settings(false))) {
            Log log = create(directory, settings(false));
            transactions(log, 30);
            directory.checkpoint();
            end = log.logEndOffset();
        }
        // When
        String dump = dumpAll();
        // Then
        assertEquals(end, offsets(dump).size());
        assertEquals(40, lines(dump, "endTxnMarker: COMMIT").size());
        assertEquals(20, lines(dump, "endTxnMarker: ABORT").size());
        assertEquals(20, lines(dump, "lastStableOffset: ").size());
        assertEquals(
                60,
                lines(dump, "coordinatorEpoch: 3").size()
                        - producers(dump, "coordinatorEpoch: 3").size());
        List<Path> files = DumpTool.files(partition());
        assertTrue(files(files, ".log") > 4 && files(files, ".txnindex") > 2 && files(files, ".snapshot") > 2);
    }

    private static List<String> producers(String dump, String part) {
        return lines(dump, "currentTxnFirstOffset: ").stream()
                .filter(line -> line.contains(part))
                .toList();
    }

    @Test
    void itReadsCompactedTransactionsTombstonesAndEmptyBatches() throws Exception {
        // Given
        long end;
        LogSettings settings = settings(true);
        try (LogDirectory directory = open(settings)) {
            Log log = create(directory, settings);
            send(log, batch(0, 5).producer(20, (short) 0, 0), 0); // it writes once, and its key is written again
            transactions(log, 30);
            compact(directory, log);
            appended(log.appendMarker(7, (short) 0, 3, ControlRecord.ABORT, 100));
            for (int i = 0; i < 200; i++) {
                send(log, batch(i, 5), 101);
            }
            compact(directory, log);
            send(log, batch(1, 5).producer(8, (short) 0, 60).transactional(), 101);
            end = log.logEndOffset();
        }
        // When
        String dump = dumpAll();
        // Then
        List<Long> offsets = offsets(dump);
        assertFalse(offsets.isEmpty());
        assertTrue(offsets.size() < end / 2, offsets.size() + " of " + end);
        assertEquals(offsets.stream().sorted().distinct().toList(), offsets);
        assertTrue(
                lines(dump, "count: 0 ").stream().anyMatch(line -> line.contains("producerId: 20 ")), "none is empty");
        assertFalse(lines(dump, "deleteHorizonMs: ").isEmpty());
    }

    private static void compact(LogDirectory directory, Log log) throws InterruptedException {
        long end = log.logEndOffset();
        log.requestFlush();
        log.changed().await(() -> log.flushedOffset() >= end, Deadline.afterMs(Clock.system(), 60_000));
        assertTrue(directory.cleaner().compactDirtiest(), "nothing is dirty");
    }

    @Test
    void itReadsALogWhoseEndWasTakenAway() throws Exception {
        // Given
        long end;
        try (LogDirectory directory = open(settings(false))) {
            Log log = create(directory, settings(false));
            transactions(log, 30);
            log.truncateTo(101);
            end = log.logEndOffset();
            assertEquals(101, end);
            for (int i = 0; i < 40; i++) {
                send(log, batch(i, 5), 200);
            }
            log.truncateTo(120);
            directory.checkpoint();
        }
        // When
        String dump = dumpAll();
        // Then
        assertEquals(120, offsets(dump).size());
        assertEquals(119, offsets(dump).getLast());
        assertFalse(lines(dump, "endTxnMarker: ABORT").isEmpty());
        assertEquals(
                lines(dump, "endTxnMarker: ABORT").size(),
                lines(dump, "lastStableOffset: ").size());
    }
}

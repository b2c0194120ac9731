package io.milena.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.records.Record;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import io.milena.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** What the tests of logs share. */
final class LogFixture {
    private LogFixture() {}

    /** A record as a test expects it. */
    record Expected(long offset, long timestampMs, String value) {}

    /** What a test does with one seed. */
    @FunctionalInterface
    interface Story {
        void run(long seed) throws IOException, InterruptedException;
    }

    /** Runs the story with each seed; see {@link Seeds}. */
    static void each(Class<?> test, int count, Story story) {
        Seeds.each(test, count, seed -> {
            try {
                story.run(seed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
    }

    static LogDirectory open(Path path, LogSettings settings, Clock clock) throws IOException {
        return open(path, LogDirectory.Settings.DEFAULTS, settings, clock);
    }

    static LogDirectory open(Path path, LogDirectory.Settings directory, LogSettings settings, Clock clock)
            throws IOException {
        return open(path, directory, settings, clock, Threads.system());
    }

    static LogDirectory open(
            Path path, LogDirectory.Settings directory, LogSettings settings, Clock clock, Threads threads)
            throws IOException {
        Environment environment = new Environment(clock, threads, new Random(1));
        return LogDirectory.open(path, directory, topic -> settings, environment);
    }

    /** Settings with small segments, so that a few records fill many. */
    static LogSettings small(int segmentBytes, int indexIntervalBytes, LogSettings.Durability durability) {
        return LogSettings.DEFAULTS
                .with(new LogSettings.Segmenting(
                        segmentBytes, LogSettings.Segmenting.DEFAULTS.ms(), 0, indexIntervalBytes))
                .withRetention(-1, -1)
                .with(durability);
    }

    /** The base offsets of the segments on disk, from the names of their files. */
    static List<Long> segments(Path folder) throws IOException {
        return names(folder).stream()
                .map(name -> FileNames.offset(name, ".log"))
                .filter(offset -> offset >= 0)
                .toList();
    }

    /** What a folder holds, sorted. */
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static Log create(LogDirectory directory, LogSettings settings) throws IOException {
        return directory.create("orders", List.of(0), new UUID(1, 2), settings).getFirst();
    }

    /** The log after a start; a new one where nothing of it was on disk, as the broker makes it. */
    static Log existing(LogDirectory directory) throws IOException {
        Log found = directory.log("orders", 0);
        return found != null ? found : create(directory, LogSettings.DEFAULTS);
    }

    /** Of a topic whose deletion was not announced. */
    static void delete(LogDirectory directory, Log log) throws IOException {
        directory.delete(log.topicId(), List.of(log));
    }

    /** Whether a path is that of a file of a journal. */
    static boolean isJournal(Path path) {
        return path.getFileName().toString().startsWith(".milena-journal-");
    }

    /** Whether a path is that of a segment. */
    static boolean isSegment(Path path) {
        return path.getFileName().toString().endsWith(".log");
    }

    /** For an operation of a disk that is to take long. */
    static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    static ByteBuffer batch(long timestampMs, String... values) {
        return builder(timestampMs, values).build().buffer();
    }

    static ByteBuffer batchOf(long producerId, int epoch, int sequence, long timestampMs, String... values) {
        return builder(timestampMs, values)
                .producer(producerId, (short) epoch, sequence)
                .build()
                .buffer();
    }

    private static RecordBatchBuilder builder(long timestampMs, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (String value : values) {
            builder.append(timestampMs, (ByteBuffer) null, ByteBuffer.wrap(value.getBytes(UTF_8)));
        }
        return builder;
    }

    /** Has everything forced that is appended by now; ends early when the log goes offline. */
    static void flush(Log log) throws InterruptedException {
        long wanted = log.logEndOffset();
        log.requestFlush();
        Deadline patience = Deadline.afterMs(Clock.system(), 60_000);
        assertTrue(
                log.changed().await(() -> log.flushedOffset() >= wanted || log.isOffline(), patience),
                "the flush does not end");
    }

    static AppendResult.Appended appended(AppendResult result) {
        return assertInstanceOf(AppendResult.Appended.class, result);
    }

    static void assertRefused(AppendResult.Reason reason, AppendResult result) {
        assertEquals(
                reason, assertInstanceOf(AppendResult.Refused.class, result).reason());
    }

    /** All records from {@code offset} on; every batch must match its checksum. */
    static List<Expected> read(Log log, long offset) throws IOException {
        List<Expected> records = new ArrayList<>();
        LogReplay.of(log, offset, batch -> {
            if (!batch.isIntact()) {
                throw new AssertionError("a torn batch at " + batch.baseOffset());
            }
            for (Record record : batch.records()) {
                if (record.offset() >= Math.max(offset, log.logStartOffset())) {
                    ByteBuffer value = Objects.requireNonNull(record.value());
                    records.add(new Expected(
                            record.offset(),
                            record.timestampMs(),
                            UTF_8.decode(value.duplicate()).toString()));
                }
            }
        });
        return records;
    }
}

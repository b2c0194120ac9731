package io.milena.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.milena.log.LogSettings.Compacting;
import io.milena.log.LogSettings.Durability;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the tests of compaction share: a log with small segments, compacted when they say so, whose records are written {@code key=value}; {@code key} alone is a tombstone. */
final class CompactionFixture {
    static final long TOMBSTONES_MS = 10_000;
    static final Compacting COMPACTING = new Compacting(true, 0.01, TOMBSTONES_MS, 0, Long.MAX_VALUE);
    static final LogSettings SETTINGS = LogFixture.small(1000, 100, Durability.FORCED)
            .with(COMPACTING)
            .with(new LogSettings.Deleting(false, -1, -1));
    /** Nothing happens by itself. */
    static final LogDirectory.Settings BY_HAND = new LogDirectory.Settings(100, Long.MAX_VALUE, 16)
            .with(new CleanerSettings(0, 1 << 16, Double.MAX_VALUE, 1000));

    private CompactionFixture() {}

    static RecordBatchBuilder builder(long timestampMs, String... records) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (String record : records) {
            int equals = record.indexOf('=');
            String key = equals < 0 ? record : record.substring(0, equals);
            builder.append(timestampMs, bytes(key), equals < 0 ? null : bytes(record.substring(equals + 1)));
        }
        return builder;
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    static ByteBuffer batch(long timestampMs, String... records) {
        return builder(timestampMs, records).build().buffer();
    }

    /** A value of a size such that some ten records fill a segment. */
    static String value(long number) {
        return number + "v".repeat(20);
    }

    static void append(Log log, long timestampMs, String... records) {
        LogFixture.appended(log.append(batch(timestampMs, records), 0));
    }

    /** Appends and forces records of a few keys; the last of each key is put into the map. */
    static void fill(Log log, Map<String, @Nullable String> latest, int count, int keys, long timestampMs)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            String key = "key " + i % keys;
            String value = value(log.logEndOffset());
            append(log, timestampMs, key + "=" + value);
            latest.put(key, value);
        }
        LogFixture.flush(log);
    }

    /** Compacts until nothing is due; answers how often. */
    static int compact(LogDirectory directory) throws InterruptedException {
        int count = 0;
        while (directory.cleaner().compactDirtiest()) {
            count++;
        }
        return count;
    }

    static List<RecordBatch> batches(Log log) throws IOException {
        List<RecordBatch> batches = new ArrayList<>();
        LogReplay.of(log, 0, batches::add);
        return batches;
    }

    static List<Record> records(Log log) throws IOException {
        List<Record> records = new ArrayList<>();
        for (RecordBatch batch : batches(log)) {
            if (!batch.isIntact()) {
                throw new AssertionError("a torn batch at " + batch.baseOffset());
            }
            if (!batch.isControl()) {
                batch.records().forEach(records::add);
            }
        }
        return records;
    }

    static List<Long> offsets(Log log) throws IOException {
        return records(log).stream().map(Record::offset).toList();
    }

    static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : UTF_8.decode(bytes.duplicate()).toString();
    }

    /** What somebody knows who has read the log; a tombstone takes its key away. */
    static Map<String, String> latest(Log log) throws IOException {
        Map<String, String> latest = new TreeMap<>();
        for (Record record : records(log)) {
            if (record.value() == null) {
                latest.remove(text(record.key()));
            } else {
                latest.put(text(record.key()), text(record.value()));
            }
        }
        return latest;
    }
}

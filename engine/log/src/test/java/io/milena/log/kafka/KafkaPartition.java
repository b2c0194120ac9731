package io.milena.log.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.Cleaner;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogToClean;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.SkimpyOffsetMap;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.apache.kafka.storage.internals.utils.Throttler;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/** One compacted partition of Apache Kafka's own classes, without its broker: batches go in, its cleaner runs when the test says so, and its files can be looked at. */
public final class KafkaPartition implements AutoCloseable {
    private final Path folder;
    private final Time time;
    private final UnifiedLog log;
    private final Cleaner cleaner;
    private long firstDirtyOffset;

    /** What a producer says of itself in a batch; {@link #NONE} says nothing. */
    public record Sender(long id, short epoch, int sequence, boolean transactional) {
        public static final Sender NONE =
                new Sender(RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE, false);
    }

    /** What a compaction did: it began at the first offset that was dirty, and stopped before the second. */
    public record Cleaned(long firstDirtyOffset, long cleanedOffset) {}

    public KafkaPartition(
            Path folder,
            int segmentBytes,
            int indexIntervalBytes,
            long tombstonesMs,
            boolean appendTime,
            Time time,
            Scheduler scheduler)
            throws IOException, NoSuchAlgorithmException {
        this.folder = Files.createDirectories(folder);
        this.time = time;
        LogConfig config = new LogConfig(Map.of(
                "internal.segment.bytes",
                segmentBytes,
                "index.interval.bytes",
                indexIntervalBytes,
                "segment.index.bytes",
                1 << 13,
                "cleanup.policy",
                "compact",
                "retention.ms",
                -1,
                "delete.retention.ms",
                tombstonesMs,
                "message.timestamp.type",
                appendTime ? "LogAppendTime" : "CreateTime"));
        this.log = UnifiedLog.create(
                folder.toFile(),
                config,
                0,
                0,
                scheduler,
                new BrokerTopicStats(),
                time,
                Integer.MAX_VALUE,
                new ProducerStateManagerConfig(Integer.MAX_VALUE, false),
                Integer.MAX_VALUE,
                new LogDirFailureChannel(1),
                true,
                Optional.empty());
        this.cleaner = new Cleaner(
                0,
                new SkimpyOffsetMap(1 << 20),
                1 << 16,
                1 << 20,
                0.9,
                new Throttler(Double.MAX_VALUE, Long.MAX_VALUE, "throttler", "entries", time),
                time,
                partition -> {});
    }

    public void append(Compression compression, Sender sender, List<SimpleRecord> records) throws IOException {
        append(
                MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V2,
                        0,
                        compression,
                        TimestampType.CREATE_TIME,
                        sender.id,
                        sender.epoch,
                        sender.sequence,
                        0,
                        sender.transactional,
                        records.toArray(SimpleRecord[]::new)),
                AppendOrigin.CLIENT,
                TransactionVersion.TV_UNKNOWN);
    }

    /** The end of a transaction; in version 2 of transactions its marker has the epoch that the producer has from then on. */
    public void end(Sender sender, int transactionVersion, boolean committed) throws IOException {
        append(
                MemoryRecords.withEndTransactionMarker(
                        time.milliseconds(),
                        sender.id,
                        sender.epoch,
                        new EndTransactionMarker(committed ? ControlRecordType.COMMIT : ControlRecordType.ABORT, 0)),
                AppendOrigin.COORDINATOR,
                (short) transactionVersion);
    }

    private void append(MemoryRecords records, AppendOrigin origin, short transactionVersion) throws IOException {
        log.appendAsLeader(
                records, 0, origin, RequestLocal.noCaching(), VerificationGuard.SENTINEL, transactionVersion);
        log.updateHighWatermark(log.logEndOffset());
    }

    public long logEndOffset() {
        return log.logEndOffset();
    }

    /** Compacts what may be: sealed segments in which no transaction is open. Nothing if there are none. */
    public Optional<Cleaned> clean() throws IOException, DigestException {
        long uncleanable = Math.min(log.lastStableOffset(), log.activeSegment().baseOffset());
        LogToClean due = new LogToClean(log, firstDirtyOffset, uncleanable, false);
        if (due.cleanableBytes() == 0) {
            return Optional.empty();
        }
        firstDirtyOffset = cleaner.clean(due).getKey();
        return Optional.of(new Cleaned(due.firstDirtyOffset(), firstDirtyOffset));
    }

    /** The partition's files by name, without those that are about to be deleted. */
    public Map<String, byte[]> files() throws IOException {
        log.flush(true);
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".deleted")) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    @Override
    public void close() {
        log.close();
    }
}

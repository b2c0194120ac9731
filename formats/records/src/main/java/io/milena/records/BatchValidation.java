package io.milena.records;

import io.milena.records.BatchFault.Kind;
import io.milena.records.BatchFault.RecordFault;
import org.jspecify.annotations.Nullable;

/**
 * What a batch is checked for before it is appended. Answers are values: a {@link BatchFault}, or null for a good batch.
 *
 * <p>Three depths. {@link #corruption} is for bytes that were appended before: recovery, replication. {@link #headerFault} is everything the log itself
 * relies on: sizes, CRC, the offset range against the record count, producer id, epoch and sequence, who may write control batches, the
 * timestamp window at the header's base and maximum. {@link #fault} walks the records as well: offset deltas 0 to n-1, lengths, the timestamp of
 * each, keys where they are required. The walk makes no objects and costs little for an uncompressed batch.
 *
 * <p>For a compressed batch the walk must decompress. Apache Kafka does that for every batch; what it protects is not the log, whose state comes
 * from headers alone, but consumers of a partition whose own producer compresses nonsense under a valid CRC, and compaction, which needs
 * keys. {@link #appendFault} draws that line: it walks uncompressed batches, and compressed ones where keys are required, where timestamps of the past are
 * limited, which no header tells of, and where the header's timestamps are outside the window, so that the records to blame can be named.
 *
 * @param batchBytesMax {@code max.message.bytes}
 * @param recordsBytesMax how far records are decompressed at most
 * @param timestamps when a producer's timestamps are acceptable
 */
public record BatchValidation(
        Origin origin, int batchBytesMax, int recordsBytesMax, TimestampWindow timestamps, Keys keys) {

    /** Who wrote the batch. */
    public enum Origin {
        /** A client's produce request: base offset 0, no control batches, no broker timestamps. */
        CLIENT,
        /** The broker itself: coordinators and the metadata log. */
        BROKER
    }

    /** Whether a record may go without a key. */
    public enum Keys {
        OPTIONAL,
        /** In a compacted topic. */
        REQUIRED
    }

    /**
     * How far a record's timestamp may be from now: {@code message.timestamp.before.max.ms} and {@code message.timestamp.after.max.ms}. The largest
     * long is no bound at all.
     */
    public record TimestampWindow(long beforeMaxMs, long afterMaxMs) {
        public static final TimestampWindow ANY = new TimestampWindow(Long.MAX_VALUE, Long.MAX_VALUE);

        /** Whether there are times in the past that are not acceptable: a header tells of the largest timestamp, but not of the smallest. */
        boolean limitsThePast() {
            return beforeMaxMs != Long.MAX_VALUE;
        }

        /** No timestamp is always acceptable. The sums cannot overflow, since now is not negative and producers' timestamps may be anything. */
        boolean accepts(long timestampMs, long nowMs) {
            if (timestampMs == BatchHeader.NO_TIMESTAMP) {
                return true;
            }
            return timestampMs <= nowMs
                    ? beforeMaxMs == Long.MAX_VALUE || timestampMs >= nowMs - beforeMaxMs
                    : timestampMs - nowMs <= afterMaxMs;
        }
    }

    /** For batches of clients, with optional keys and any timestamp. */
    public static BatchValidation ofClients(int batchBytesMax) {
        return new BatchValidation(
                Origin.CLIENT, batchBytesMax, RecordBatch.RECORDS_BYTES_MAX, TimestampWindow.ANY, Keys.OPTIONAL);
    }

    /** For batches of the broker's own. */
    public static BatchValidation ofBroker(int batchBytesMax) {
        return new BatchValidation(
                Origin.BROKER, batchBytesMax, RecordBatch.RECORDS_BYTES_MAX, TimestampWindow.ANY, Keys.OPTIONAL);
    }

    public BatchValidation withRecordsBytesMax(int recordsBytesMax) {
        return new BatchValidation(origin, batchBytesMax, recordsBytesMax, timestamps, keys);
    }

    public BatchValidation withTimestamps(TimestampWindow timestamps) {
        return new BatchValidation(origin, batchBytesMax, recordsBytesMax, timestamps, keys);
    }

    public BatchValidation withKeys(Keys keys) {
        return new BatchValidation(origin, batchBytesMax, recordsBytesMax, timestamps, keys);
    }

    /** Whether the batch's CRC matches its bytes. */
    public static @Nullable BatchFault corruption(RecordBatch batch) {
        long computed = batch.computedCrc();
        return computed == batch.crc()
                ? null
                : new BatchFault(
                        Kind.CORRUPT,
                        "CRC of " + batch + " is " + Long.toHexString(computed) + " but says "
                                + Long.toHexString(batch.crc()));
    }

    /** What an append needs: the header, and the records where that is cheap or something of them must be known. */
    public @Nullable BatchFault appendFault(RecordBatch batch, long nowMs) {
        BatchFault fault = formFault(batch);
        if (fault != null) {
            return fault;
        }
        fault = headerTimestampFault(batch, nowMs);
        boolean isWalked = batch.compression() == Compression.NONE
                || keys == Keys.REQUIRED
                || timestamps.limitsThePast()
                || fault != null;
        BatchFault ofRecords = isWalked ? recordsFault(batch, nowMs) : null;
        return ofRecords != null ? ofRecords : fault;
    }

    /** Header and records. */
    public @Nullable BatchFault fault(RecordBatch batch, long nowMs) {
        BatchFault fault = formFault(batch);
        if (fault == null) {
            fault = recordsFault(batch, nowMs);
        }
        return fault != null ? fault : headerTimestampFault(batch, nowMs);
    }

    /** Everything that can be said without looking at records. */
    public @Nullable BatchFault headerFault(RecordBatch batch, long nowMs) {
        BatchFault fault = formFault(batch);
        return fault != null ? fault : headerTimestampFault(batch, nowMs);
    }

    /** What is wrong whatever the time is. */
    private @Nullable BatchFault formFault(RecordBatch batch) {
        if (batch.sizeInBytes() > batchBytesMax) {
            return new BatchFault(
                    Kind.TOO_LARGE,
                    "record batch of " + batch.sizeInBytes() + " bytes is larger than the limit of " + batchBytesMax);
        }
        BatchFault fault = corruption(batch);
        if (fault == null) {
            fault = countFault(batch);
        }
        if (fault == null) {
            fault = producerFault(batch);
        }
        if (fault == null && origin == Origin.CLIENT) {
            fault = clientFault(batch);
        }
        return fault;
    }

    private static @Nullable BatchFault countFault(RecordBatch batch) {
        if (Compression.ofId(batch.compressionId()) == null) {
            return new BatchFault(
                    Kind.UNSUPPORTED_COMPRESSION, "record batch has unknown compression type " + batch.compressionId());
        }
        if (batch.recordCount() <= 0) {
            return invalid("record batch declares " + batch.recordCount() + " records");
        }
        if (batch.lastOffsetDelta() != batch.recordCount() - 1) {
            return invalid("record batch declares " + batch.recordCount() + " records but a last offset delta of "
                    + batch.lastOffsetDelta());
        }
        return null;
    }

    private static @Nullable BatchFault producerFault(RecordBatch batch) {
        if (!batch.hasProducerId()) {
            return batch.isTransactional() ? invalid("a transactional record batch has no producer id") : null;
        }
        if (batch.producerEpoch() < 0) {
            return invalid("producer id " + batch.producerId() + " has an invalid epoch of " + batch.producerEpoch());
        }
        return null;
    }

    private static @Nullable BatchFault clientFault(RecordBatch batch) {
        if (batch.baseOffset() != 0) {
            return invalid("record batch from a client has base offset " + batch.baseOffset() + " and not 0");
        }
        if (batch.isControl()) {
            return invalid("clients may not write control batches");
        }
        if (batch.hasProducerId() && batch.baseSequence() < 0) { // coordinators write in a producer's name without one
            return invalid("producer id " + batch.producerId() + " has an invalid sequence of " + batch.baseSequence());
        }
        if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            return new BatchFault(Kind.INVALID_TIMESTAMP, "clients may not set the log append time");
        }
        return null;
    }

    private @Nullable BatchFault headerTimestampFault(RecordBatch batch, long nowMs) {
        for (long timestampMs : new long[] {batch.baseTimestampMs(), batch.maxTimestampMs()}) {
            if (!timestamps.accepts(timestampMs, nowMs)) {
                return new BatchFault(Kind.INVALID_TIMESTAMP, outside("timestamp " + timestampMs, nowMs));
            }
        }
        return null;
    }

    private String outside(String what, long nowMs) {
        return what + " is outside the window from " + timestamps.beforeMaxMs() + " ms before to "
                + timestamps.afterMaxMs() + " ms after " + nowMs;
    }

    private @Nullable BatchFault recordsFault(RecordBatch batch, long nowMs) {
        RecordFaults faults = new RecordFaults();
        try {
            RecordCursor cursor = new RecordCursor(batch.recordBytes(recordsBytesMax), batch.recordCount());
            for (int i = 0; cursor.hasNext(); i++) {
                cursor.advance();
                if (cursor.offsetDelta() != i) {
                    return invalid("record " + i + " of the batch has offset delta " + cursor.offsetDelta());
                }
                checkRecord(batch, cursor, nowMs, faults);
            }
            return faults.asFault();
        } catch (InvalidRecordsException e) {
            return e.fault();
        }
    }

    private void checkRecord(RecordBatch batch, RecordCursor record, long nowMs, RecordFaults faults) {
        int index = record.offsetDelta();
        if (keys == Keys.REQUIRED && !record.hasKey() && !batch.isControl()) {
            String message = "record " + index + " of the batch has no key, and the topic is compacted";
            faults.add(Kind.INVALID_RECORD, new RecordFault(index, message));
            return;
        }
        long timestampMs = batch.baseTimestampMs() + record.timestampDelta();
        if (!timestamps.accepts(timestampMs, nowMs)) {
            String message = outside("timestamp " + timestampMs + " of record " + index + " of the batch", nowMs);
            faults.add(Kind.INVALID_TIMESTAMP, new RecordFault(index, message));
        }
    }

    private static BatchFault invalid(String message) {
        return new BatchFault(Kind.INVALID_RECORD, message);
    }
}

package io.milena.records;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One whole batch, seen in the buffer that holds it: nothing is copied, and what is patched is patched in that buffer. Magic and length
 * have been checked; {@link BatchValidation} checks the rest.
 *
 * <pre>
 * each record behind the header, compressed together with the others:
 *   length           varint   bytes that follow
 *   attributes       int8     unused
 *   timestampDelta   varlong  from baseTimestamp
 *   offsetDelta      varint   from baseOffset
 *   key              varint length or -1 for null, bytes
 *   value            varint length or -1 for null, bytes
 *   headers          varint count, each: key (varint length, UTF-8), value (varint length or -1, bytes)
 * </pre>
 */
public final class RecordBatch extends BatchHeader {

    /** How far {@link #records()} decompresses at most. */
    public static final int RECORDS_BYTES_MAX = 128 << 20;

    private RecordBatch(ByteBuffer bytes) {
        super(bytes);
    }

    /**
     * The batch at the buffer's position, which does not move.
     *
     * @throws InvalidRecordsException if the bytes cannot be a batch, or end before it does
     */
    public static RecordBatch at(ByteBuffer buffer) {
        if (buffer.remaining() <= MAGIC_AT) {
            throw InvalidRecordsException.corrupt("record batch ends after " + buffer.remaining() + " bytes");
        }
        int size = batchSizeAt(buffer);
        if (size > buffer.remaining()) {
            throw InvalidRecordsException.corrupt(
                    "record batch of " + size + " bytes ends after " + buffer.remaining() + " bytes");
        }
        return new RecordBatch(buffer.slice(buffer.position(), size));
    }

    /**
     * The batch that fills the buffer from its position to its limit, as each partition of a produce request must.
     *
     * @throws InvalidRecordsException if the bytes are not one batch exactly
     */
    public static RecordBatch filling(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            throw InvalidRecordsException.invalid("there must be one record batch, but there is none");
        }
        RecordBatch batch = at(buffer);
        if (batch.sizeInBytes() < buffer.remaining()) {
            throw InvalidRecordsException.invalid("there must be one record batch exactly, but "
                    + (buffer.remaining() - batch.sizeInBytes()) + " bytes follow it");
        }
        return batch;
    }

    /** The bytes of the whole batch: a view that shares them, positioned at 0. */
    public ByteBuffer buffer() {
        return bytes.duplicate();
    }

    /** The checksum that the bytes have, unsigned. */
    public long computedCrc() {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(ATTRIBUTES_AT));
        return crc.getValue();
    }

    public boolean isIntact() {
        return crc() == computedCrc();
    }

    /** Gives the batch its place in the log. Both fields are outside the CRC, so nothing is recomputed. */
    public void assignOffsets(long baseOffset, int partitionLeaderEpoch) {
        bytes.putLong(BASE_OFFSET_AT, baseOffset);
        bytes.putInt(PARTITION_LEADER_EPOCH_AT, partitionLeaderEpoch);
    }

    /** Replaces the timestamps of all records by the append time, and the CRC with them. */
    public void stampLogAppendTime(long appendTimeMs) {
        bytes.putShort(ATTRIBUTES_AT, (short) (attributes() | LOG_APPEND_TIME_BIT));
        bytes.putLong(MAX_TIMESTAMP_AT, appendTimeMs);
        bytes.putInt(CRC_AT, (int) computedCrc());
    }

    /**
     * What is left of the batch when compaction has taken all its records: a header of its own that says which offsets and sequences it was. As Apache Kafka
     * leaves it, not compressed, with the maximum timestamp, and without a base timestamp or a delete horizon.
     */
    public RecordBatch emptied() {
        ByteBuffer header = ByteBuffer.allocate(SIZE_IN_BYTES);
        header.put(0, bytes, 0, SIZE_IN_BYTES);
        header.putInt(BATCH_LENGTH_AT, SIZE_IN_BYTES - LENGTH_OVERHEAD_BYTES);
        header.putShort(ATTRIBUTES_AT, (short) (attributes() & ~(COMPRESSION_MASK | DELETE_HORIZON_BIT)));
        header.putLong(BASE_TIMESTAMP_AT, NO_TIMESTAMP);
        header.putInt(RECORD_COUNT_AT, 0);
        RecordBatch emptied = new RecordBatch(header);
        header.putInt(CRC_AT, (int) emptied.computedCrc());
        return emptied;
    }

    /** The records, decompressed up to {@link #RECORDS_BYTES_MAX}. */
    public Iterable<Record> records() {
        return records(RECORDS_BYTES_MAX);
    }

    /**
     * The records, in offset order. Each iteration reads the bytes again, and decompresses them first if it must, all at once but never beyond
     * the limit. Keys and values are views: of this batch's buffer if it is not compressed, so they live only as long as it does.
     * Iterating raises {@link InvalidRecordsException} where the bytes are wrong.
     *
     * @param recordsBytesMax the limit for the decompressed records
     */
    public Iterable<Record> records(int recordsBytesMax) {
        return () -> new RecordIterator(this, recordBytes(recordsBytesMax));
    }

    /** The records' bytes, decompressed. */
    ByteBuffer recordBytes(int recordsBytesMax) {
        ByteBuffer stored = bytes.slice(SIZE_IN_BYTES, bytes.limit() - SIZE_IN_BYTES);
        return compression().decompress(stored, recordsBytesMax);
    }
}

package io.milena.records;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The first 61 bytes of a batch, read in place. Scanning a segment needs no more; {@link RecordBatch} is a header with its records behind it.
 *
 * <pre>
 * at  bytes  field                  notes
 *  0    8    baseOffset             assigned by the leader, outside the CRC
 *  8    4    batchLength            bytes that follow this field
 * 12    4    partitionLeaderEpoch   assigned by the leader, outside the CRC
 * 16    1    magic                  2
 * 17    4    crc                    CRC32C from attributes to the end
 * 21    2    attributes             bits 0-2 compression, 3 log append time, 4 transactional, 5 control, 6 delete horizon set
 * 23    4    lastOffsetDelta        kept by compaction, so that a batch never changes the offsets it spans
 * 27    8    baseTimestamp          timestamp of the first record, or the delete horizon if bit 6 is set
 * 35    8    maxTimestamp           the largest of the records, or the append time if bit 3 is set
 * 43    8    producerId             -1: none
 * 51    2    producerEpoch          -1: none
 * 53    4    baseSequence           -1: none
 * 57    4    recordCount
 * 61         records
 * </pre>
 *
 * All numbers are big-endian. Magic and the least length are checked when a header is made; nothing else is.
 */
public sealed class BatchHeader permits RecordBatch {

    /** Bytes of a header; a batch is never smaller. */
    public static final int SIZE_IN_BYTES = 61;
    /** Bytes before the batch length counts: base offset and the length itself. */
    public static final int LENGTH_OVERHEAD_BYTES = 12;

    public static final byte MAGIC = 2;
    public static final long NO_TIMESTAMP = -1;
    public static final long NO_PRODUCER_ID = -1;
    public static final short NO_PRODUCER_EPOCH = -1;
    public static final int NO_SEQUENCE = -1;
    public static final int NO_PARTITION_LEADER_EPOCH = -1;

    static final int BASE_OFFSET_AT = 0;
    static final int BATCH_LENGTH_AT = 8;
    static final int PARTITION_LEADER_EPOCH_AT = 12;
    static final int MAGIC_AT = 16;
    static final int CRC_AT = 17;
    /** From here on bytes count for the checksum. */
    public static final int ATTRIBUTES_AT = 21;

    static final int LAST_OFFSET_DELTA_AT = 23;
    static final int BASE_TIMESTAMP_AT = 27;
    static final int MAX_TIMESTAMP_AT = 35;
    static final int PRODUCER_ID_AT = 43;
    static final int PRODUCER_EPOCH_AT = 51;
    static final int BASE_SEQUENCE_AT = 53;
    static final int RECORD_COUNT_AT = 57;

    static final int COMPRESSION_MASK = 0x07;
    static final int LOG_APPEND_TIME_BIT = 0x08;
    static final int TRANSACTIONAL_BIT = 0x10;
    static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;

    /** Position 0 is the first byte of the header. */
    final ByteBuffer bytes;

    BatchHeader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * The header at the buffer's position, which does not move; null if fewer than 61 bytes remain.
     *
     * @throws InvalidRecordsException if the bytes cannot be the start of a batch of magic 2
     */
    public static @Nullable BatchHeader at(ByteBuffer buffer) {
        if (buffer.remaining() < SIZE_IN_BYTES) {
            return null;
        }
        batchSizeAt(buffer);
        return new BatchHeader(buffer.slice(buffer.position(), SIZE_IN_BYTES));
    }

    /** Whether a batch with an offset of at least {@code baseOffsetMin} may start at this index of the buffer: a cheap look, for those who search. */
    public static boolean mayStartAt(ByteBuffer buffer, int index, long baseOffsetMin) {
        return buffer.get(index + MAGIC_AT) == MAGIC && buffer.getLong(index + BASE_OFFSET_AT) >= baseOffsetMin;
    }

    /** Whether the batch at the buffer's position says that it is compressed so; false for what cannot be a batch. */
    public static boolean isCompressedWith(Compression compression, ByteBuffer buffer) {
        return buffer.remaining() >= SIZE_IN_BYTES
                && (buffer.getShort(buffer.position() + ATTRIBUTES_AT) & COMPRESSION_MASK) == compression.id();
    }

    /** The size that the batch at the buffer's position declares, at least 61; at least 17 bytes must remain. */
    static int batchSizeAt(ByteBuffer buffer) {
        int start = buffer.position();
        int length = buffer.getInt(start + BATCH_LENGTH_AT);
        byte magic = buffer.get(start + MAGIC_AT);
        if (magic != MAGIC) {
            throw new InvalidRecordsException(
                    BatchFault.Kind.UNSUPPORTED_MAGIC,
                    "record batch has magic " + magic + " where only 2 is supported");
        }
        if (length < SIZE_IN_BYTES - LENGTH_OVERHEAD_BYTES || length > Integer.MAX_VALUE - LENGTH_OVERHEAD_BYTES) {
            throw InvalidRecordsException.corrupt("record batch declares an impossible length of " + length + " bytes");
        }
        return length + LENGTH_OVERHEAD_BYTES;
    }

    public long baseOffset() {
        return bytes.getLong(BASE_OFFSET_AT);
    }

    /** The offset of the last record that the batch was made with, even if compaction has removed it. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** The offset that follows the batch. */
    public long nextOffset() {
        return lastOffset() + 1;
    }

    public int lastOffsetDelta() {
        return bytes.getInt(LAST_OFFSET_DELTA_AT);
    }

    /** Bytes of the whole batch, header included, as it declares them. */
    public int sizeInBytes() {
        return bytes.getInt(BATCH_LENGTH_AT) + LENGTH_OVERHEAD_BYTES;
    }

    public int partitionLeaderEpoch() {
        return bytes.getInt(PARTITION_LEADER_EPOCH_AT);
    }

    public byte magic() {
        return bytes.get(MAGIC_AT);
    }

    /** The checksum that the batch declares, unsigned. */
    public long crc() {
        return Integer.toUnsignedLong(bytes.getInt(CRC_AT));
    }

    public short attributes() {
        return bytes.getShort(ATTRIBUTES_AT);
    }

    /** @throws InvalidRecordsException if there is no such compression type */
    public Compression compression() {
        int id = compressionId();
        Compression compression = Compression.ofId(id);
        if (compression == null) {
            throw new InvalidRecordsException(
                    BatchFault.Kind.UNSUPPORTED_COMPRESSION, "record batch has unknown compression type " + id);
        }
        return compression;
    }

    /** 0 to 7; 5 and above mean nothing. */
    public int compressionId() {
        return attributes() & COMPRESSION_MASK;
    }

    public TimestampType timestampType() {
        return has(LOG_APPEND_TIME_BIT) ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    public boolean isTransactional() {
        return has(TRANSACTIONAL_BIT);
    }

    public boolean isControl() {
        return has(CONTROL_BIT);
    }

    /** When compaction may drop the batch's tombstones or markers, if it has decided so. */
    public OptionalLong deleteHorizonMs() {
        return has(DELETE_HORIZON_BIT) ? OptionalLong.of(baseTimestampMs()) : OptionalLong.empty();
    }

    /** What the records' timestamps are relative to. */
    public long baseTimestampMs() {
        return bytes.getLong(BASE_TIMESTAMP_AT);
    }

    /** -1 if no record has a timestamp. */
    public long maxTimestampMs() {
        return bytes.getLong(MAX_TIMESTAMP_AT);
    }

    /** -1 if the producer is not idempotent. */
    public long producerId() {
        return bytes.getLong(PRODUCER_ID_AT);
    }

    public boolean hasProducerId() {
        return producerId() > NO_PRODUCER_ID;
    }

    public short producerEpoch() {
        return bytes.getShort(PRODUCER_EPOCH_AT);
    }

    /** The sequence of the first record, or -1. */
    public int baseSequence() {
        return bytes.getInt(BASE_SEQUENCE_AT);
    }

    /** The sequence of the last record, or -1. */
    public int lastSequence() {
        return sequenceAt(lastOffsetDelta());
    }

    /** How many records the batch says it holds; not to be trusted for an allocation. */
    public int recordCount() {
        return bytes.getInt(RECORD_COUNT_AT);
    }

    /** The sequence of the record with an offset delta, or -1. */
    int sequenceAt(int offsetDelta) {
        int base = baseSequence();
        return base == NO_SEQUENCE ? NO_SEQUENCE : sequenceAfter(base, offsetDelta);
    }

    /** The sequence {@code increment} records after another: they wrap from {@link Integer#MAX_VALUE} to 0. */
    public static int sequenceAfter(int sequence, int increment) {
        return (sequence + increment) & Integer.MAX_VALUE;
    }

    private boolean has(int attributeBit) {
        return (attributes() & attributeBit) != 0;
    }

    @Override
    public String toString() {
        return "batch of offsets " + baseOffset() + " to " + lastOffset() + ", " + sizeInBytes() + " bytes";
    }
}

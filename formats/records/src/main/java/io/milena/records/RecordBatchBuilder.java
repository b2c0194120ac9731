package io.milena.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch: the settings, then the records in offset order, then {@link #build()}. Without settings it is an uncompressed batch from offset 0
 * without a producer, as a plain client sends it. Not for several threads, and for one batch only.
 *
 * <p>A record that does not fit, because of its size or its distance from the base offset, raises {@link ArithmeticException} and leaves the
 * batch as it was.
 */
public final class RecordBatchBuilder {

    private static final int FIRST_CAPACITY_BYTES = 512;
    /** The most that the fields of a record take besides its key, value and headers: attributes, one varlong, four varints. */
    private static final int RECORD_FIELDS_BYTES_MAX = 1 + 10 + 4 * 5;

    private long baseOffset;
    private int partitionLeaderEpoch = BatchHeader.NO_PARTITION_LEADER_EPOCH;
    private Compression compression = Compression.NONE;
    private int compressionLevel = Compression.NONE.defaultLevel();
    private int attributes;
    private long producerId = BatchHeader.NO_PRODUCER_ID;
    private short producerEpoch = BatchHeader.NO_PRODUCER_EPOCH;
    private int baseSequence = BatchHeader.NO_SEQUENCE;

    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_CAPACITY_BYTES).position(BatchHeader.SIZE_IN_BYTES);
    private ByteBuffer fields = ByteBuffer.allocate(RECORD_FIELDS_BYTES_MAX);
    private int recordCount;
    private int lastOffsetDelta = -1;
    private long baseTimestampMs = BatchHeader.NO_TIMESTAMP;
    private long maxTimestampMs = BatchHeader.NO_TIMESTAMP;
    private long appendTimeMs = BatchHeader.NO_TIMESTAMP;
    private long deleteHorizonMs = BatchHeader.NO_TIMESTAMP;
    /** Of a batch that was larger before. */
    private int lastOffsetDeltaMin = -1;

    private boolean isBuilt;

    /**
     * For what compaction leaves of a batch: the header stays, sequences and the offset range included, but for what is said of the records. The same compression,
     * at its default level, because a batch does not tell its level.
     */
    public static RecordBatchBuilder rewriting(BatchHeader original) {
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .baseOffset(original.baseOffset())
                .partitionLeaderEpoch(original.partitionLeaderEpoch())
                .compression(original.compression())
                .producer(original.producerId(), original.producerEpoch(), original.baseSequence());
        builder.attributes |= original.attributes() & (BatchHeader.TRANSACTIONAL_BIT | BatchHeader.CONTROL_BIT);
        builder.lastOffsetDeltaMin = original.lastOffsetDelta();
        if (original.timestampType() == TimestampType.LOG_APPEND_TIME) {
            builder.appendTime(original.maxTimestampMs());
        }
        original.deleteHorizonMs().ifPresent(builder::deleteHorizon);
        return builder;
    }

    /** The offset of the first record; to be said before records are appended. */
    public RecordBatchBuilder baseOffset(long baseOffset) {
        checkNoRecords();
        this.baseOffset = baseOffset;
        return this;
    }

    public RecordBatchBuilder partitionLeaderEpoch(int partitionLeaderEpoch) {
        this.partitionLeaderEpoch = partitionLeaderEpoch;
        return this;
    }

    /** At the type's default level. */
    public RecordBatchBuilder compression(Compression compression) {
        return compression(compression, compression.defaultLevel());
    }

    /** At a level that the type {@link Compression#allowsLevel allows}. */
    public RecordBatchBuilder compression(Compression compression, int level) {
        compression.checkLevel(level);
        this.compression = compression;
        this.compressionLevel = level;
        return this;
    }

    /** A batch of {@link TimestampType#LOG_APPEND_TIME}. */
    public RecordBatchBuilder appendTime(long appendTimeMs) {
        this.attributes |= BatchHeader.LOG_APPEND_TIME_BIT;
        this.appendTimeMs = appendTimeMs;
        return this;
    }

    /** From when on compaction may drop the batch's tombstones or marker; to be said before records are appended. */
    public RecordBatchBuilder deleteHorizon(long deleteHorizonMs) {
        checkNoRecords();
        this.attributes |= BatchHeader.DELETE_HORIZON_BIT;
        this.deleteHorizonMs = deleteHorizonMs;
        return this;
    }

    /** Of an idempotent producer; the sequence is that of the first record, or -1 for a batch that a coordinator writes in its name. */
    public RecordBatchBuilder producer(long producerId, short producerEpoch, int baseSequence) {
        this.producerId = producerId;
        this.producerEpoch = producerEpoch;
        this.baseSequence = baseSequence;
        return this;
    }

    public RecordBatchBuilder transactional() {
        attributes |= BatchHeader.TRANSACTIONAL_BIT;
        return this;
    }

    /** A batch that only brokers write; its records' keys are of {@link ControlRecord}. */
    public RecordBatchBuilder control() {
        attributes |= BatchHeader.CONTROL_BIT;
        return this;
    }

    /** Appends a record at the next offset. Key and value are read from their positions, which do not move. */
    public RecordBatchBuilder append(long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
        return append(timestampMs, key, value, List.of());
    }

    public RecordBatchBuilder append(
            long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        append(Math.addExact(lastOffsetDelta, 1), timestampMs, key, value, headers);
        return this;
    }

    /** Appends a record as it was elsewhere, with its own offset, which must be above the last one. Its sequence is not kept. */
    public RecordBatchBuilder append(Record record) {
        int offsetDelta = Math.toIntExact(record.offset() - baseOffset);
        if (offsetDelta <= lastOffsetDelta) {
            throw new IllegalArgumentException("offset " + record.offset() + " is not above those before it");
        }
        append(offsetDelta, record.timestampMs(), record.key(), record.value(), record.headers());
        return this;
    }

    /** Appends a control record, and makes this a {@link #control()} batch. */
    public RecordBatchBuilder appendControl(long timestampMs, ControlRecord type, ByteBuffer value) {
        return control().append(timestampMs, type.key(), value);
    }

    private void append(
            int offsetDelta,
            long timestampMs,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        checkNotBuilt();
        if (recordCount == 0) {
            boolean hasDeleteHorizon = (attributes & BatchHeader.DELETE_HORIZON_BIT) != 0;
            baseTimestampMs = hasDeleteHorizon ? deleteHorizonMs : timestampMs;
        }
        List<HeaderBytes> headerBytes = headers.stream().map(HeaderBytes::of).toList();
        fields.clear();
        fields.put((byte) 0);
        Varint.writeLong(fields, timestampMs - baseTimestampMs);
        Varint.writeInt(fields, offsetDelta);
        fields.flip();
        long exactSize = (long) fields.remaining() + sizeOf(key) + sizeOf(value) + Varint.sizeOf(headers.size());
        for (HeaderBytes header : headerBytes) {
            exactSize += (long) sizeOf(header.key()) + sizeOf(header.value());
        }
        int size = Math.toIntExact(exactSize);
        reserve(Math.addExact(Varint.sizeOf(size), size));
        Varint.writeInt(bytes, size);
        bytes.put(fields);
        write(key);
        write(value);
        Varint.writeInt(bytes, headers.size());
        for (HeaderBytes header : headerBytes) {
            write(header.key());
            write(header.value());
        }
        recordCount++;
        lastOffsetDelta = offsetDelta;
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
    }

    private record HeaderBytes(ByteBuffer key, @Nullable ByteBuffer value) {
        static HeaderBytes of(RecordHeader header) {
            return new HeaderBytes(ByteBuffer.wrap(header.key().getBytes(UTF_8)), header.value());
        }
    }

    private static int sizeOf(@Nullable ByteBuffer field) {
        return field == null ? Varint.sizeOf(-1) : Math.addExact(Varint.sizeOf(field.remaining()), field.remaining());
    }

    private void write(@Nullable ByteBuffer field) {
        if (field == null) {
            Varint.writeInt(bytes, -1);
        } else {
            Varint.writeInt(bytes, field.remaining());
            bytes.put(field.duplicate());
        }
    }

    private void reserve(int more) {
        if (more > bytes.remaining()) {
            int needed = Math.addExact(bytes.position(), more);
            int capacity = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * bytes.capacity()));
            bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
        }
    }

    private void checkNoRecords() {
        if (recordCount > 0) {
            throw new IllegalStateException("records have been appended already");
        }
    }

    private void checkNotBuilt() {
        if (isBuilt) {
            throw new IllegalStateException("the batch has been built already");
        }
    }

    public int recordCount() {
        return recordCount;
    }

    /** What the batch would take without compression, to decide whether another record still fits. */
    public int sizeInBytes() {
        return bytes.position();
    }

    /** The batch, in a buffer of its own on the heap. */
    public RecordBatch build() {
        if (recordCount == 0) {
            throw new IllegalStateException("a batch needs a record");
        }
        checkNotBuilt();
        isBuilt = true;
        ByteBuffer batch = compressed(bytes.flip());
        writeHeader(batch);
        RecordBatch built = RecordBatch.at(batch);
        batch.putInt(BatchHeader.CRC_AT, (int) built.computedCrc());
        return built;
    }

    private ByteBuffer compressed(ByteBuffer uncompressed) {
        if (compression == Compression.NONE) {
            return uncompressed;
        }
        ByteBuffer records = compression.compress(uncompressed.position(BatchHeader.SIZE_IN_BYTES), compressionLevel);
        return ByteBuffer.allocate(BatchHeader.SIZE_IN_BYTES + records.remaining())
                .position(BatchHeader.SIZE_IN_BYTES)
                .put(records)
                .flip();
    }

    /** The field order and sizes are the table at {@link BatchHeader}. */
    private void writeHeader(ByteBuffer batch) {
        boolean logAppendTime = (attributes & BatchHeader.LOG_APPEND_TIME_BIT) != 0;
        batch.putLong(BatchHeader.BASE_OFFSET_AT, baseOffset);
        batch.putInt(BatchHeader.BATCH_LENGTH_AT, batch.limit() - BatchHeader.LENGTH_OVERHEAD_BYTES);
        batch.putInt(BatchHeader.PARTITION_LEADER_EPOCH_AT, partitionLeaderEpoch);
        batch.put(BatchHeader.MAGIC_AT, BatchHeader.MAGIC);
        batch.putShort(BatchHeader.ATTRIBUTES_AT, (short) (attributes | compression.id()));
        batch.putInt(BatchHeader.LAST_OFFSET_DELTA_AT, Math.max(lastOffsetDelta, lastOffsetDeltaMin));
        batch.putLong(BatchHeader.BASE_TIMESTAMP_AT, baseTimestampMs);
        batch.putLong(BatchHeader.MAX_TIMESTAMP_AT, logAppendTime ? appendTimeMs : maxTimestampMs);
        batch.putLong(BatchHeader.PRODUCER_ID_AT, producerId);
        batch.putShort(BatchHeader.PRODUCER_EPOCH_AT, producerEpoch);
        batch.putInt(BatchHeader.BASE_SEQUENCE_AT, baseSequence);
        batch.putInt(BatchHeader.RECORD_COUNT_AT, recordCount);
    }
}

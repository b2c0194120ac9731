package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.message.KRaftVersionRecord;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.message.LeaderChangeMessage.Voter;
import org.apache.kafka.common.message.SnapshotFooterRecord;
import org.apache.kafka.common.message.SnapshotHeaderRecord;
import org.apache.kafka.common.message.VotersRecord;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.ControlRecordUtils;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches that brokers write about the log itself: byte for byte Kafka's, and read as Kafka reads them. */
class ControlBatchesTest {
    private static final long OFFSET = 77;
    private static final long TIMESTAMP_MS = 1_700_000_000_000L;
    private static final int LEADER_EPOCH = 6;

    private static final LeaderChangeMessage LEADER_CHANGE = new LeaderChangeMessage()
            .setLeaderId(2)
            .setVoters(List.of(new Voter().setVoterId(1), new Voter().setVoterId(2)))
            .setGrantingVoters(List.of(new Voter().setVoterId(1)));

    /** A batch of Kafka's with one control record of the type; end markers have a test of their own. */
    private static MemoryRecords theirs(ControlRecord type) {
        ByteBuffer to = ByteBuffer.allocate(512);
        return switch (type) {
            case ABORT, COMMIT -> throw new IllegalArgumentException(type.name());
            case LEADER_CHANGE ->
                MemoryRecords.withLeaderChangeMessage(OFFSET, TIMESTAMP_MS, LEADER_EPOCH, to, LEADER_CHANGE);
            case SNAPSHOT_HEADER ->
                MemoryRecords.withSnapshotHeaderRecord(
                        OFFSET,
                        TIMESTAMP_MS,
                        LEADER_EPOCH,
                        to,
                        new SnapshotHeaderRecord().setLastContainedLogTimestamp(5));
            case SNAPSHOT_FOOTER ->
                MemoryRecords.withSnapshotFooterRecord(
                        OFFSET, TIMESTAMP_MS, LEADER_EPOCH, to, new SnapshotFooterRecord());
            case KRAFT_VERSION ->
                MemoryRecords.withKRaftVersionRecord(
                        OFFSET, TIMESTAMP_MS, LEADER_EPOCH, to, new KRaftVersionRecord().setKRaftVersion((short) 1));
            case KRAFT_VOTERS ->
                MemoryRecords.withVotersRecord(OFFSET, TIMESTAMP_MS, LEADER_EPOCH, to, new VotersRecord());
        };
    }

    private static Record onlyRecord(RecordBatch batch) {
        assertEquals(1, batch.recordCount());
        return batch.records().iterator().next();
    }

    private static RecordBatch ours(ControlRecord type, @Nullable ByteBuffer value) {
        return new RecordBatchBuilder()
                .baseOffset(OFFSET)
                .partitionLeaderEpoch(LEADER_EPOCH)
                .appendControl(TIMESTAMP_MS, type, Objects.requireNonNull(value))
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            value = ControlRecord.class,
            names = {"ABORT", "COMMIT"},
            mode = EnumSource.Mode.EXCLUDE)
    void recordsOfTheQuorumAreTheSameByteForByte(ControlRecord type) {
        MemoryRecords theirs = theirs(type);
        RecordBatch read = RecordBatch.filling(theirs.buffer());
        assertTrue(read.isIntact());
        assertTrue(read.isControl());
        assertFalse(read.isTransactional());
        assertFalse(read.hasProducerId());
        assertEquals(LEADER_EPOCH, read.partitionLeaderEpoch());
        Record record = onlyRecord(read);
        assertEquals(type, ControlRecord.ofKey(record.key()));
        assertEquals(OFFSET, record.offset());
        assertEquals(TIMESTAMP_MS, record.timestampMs());

        assertEquals(theirs.buffer(), ours(type, record.value()).buffer());
    }

    @Test
    void kafkaReadsOurLeaderChange() {
        Record original = onlyRecord(
                RecordBatch.filling(theirs(ControlRecord.LEADER_CHANGE).buffer()));
        MutableRecordBatch read = MemoryRecords.readableRecords(
                        ours(ControlRecord.LEADER_CHANGE, original.value()).buffer())
                .batches()
                .iterator()
                .next();
        read.ensureValid();
        assertTrue(read.isControlBatch());
        var record = read.iterator().next();
        assertEquals(ControlRecordType.LEADER_CHANGE, ControlRecordType.parse(record.key()));
        assertEquals(LEADER_CHANGE, ControlRecordUtils.deserializeLeaderChangeMessage(record));
    }

    @ParameterizedTest
    @CsvSource({"ABORT, 0", "COMMIT, 0", "COMMIT, 9", "ABORT, 2147483647"})
    void kafkaReadsOurEndMarkers(ControlRecord type, int coordinatorEpoch) {
        RecordBatch ours = new RecordBatchBuilder()
                .baseOffset(OFFSET)
                .producer(42, (short) 5, BatchHeader.NO_SEQUENCE)
                .transactional()
                .appendControl(TIMESTAMP_MS, type, ControlRecord.endOfTransactionValue(coordinatorEpoch))
                .build();
        MutableRecordBatch read = MemoryRecords.readableRecords(ours.buffer())
                .batches()
                .iterator()
                .next();
        read.ensureValid();
        assertTrue(read.isControlBatch());
        assertTrue(read.isTransactional());
        assertEquals(42, read.producerId());
        assertEquals(5, read.producerEpoch());
        EndTransactionMarker marker =
                EndTransactionMarker.deserialize(read.iterator().next());
        assertEquals(ControlRecordType.valueOf(type.name()), marker.controlType());
        assertEquals(coordinatorEpoch, marker.coordinatorEpoch());
    }

    @Test
    void typesAndKeysAreThoseOfKafka() {
        for (ControlRecord type : ControlRecord.values()) {
            assertEquals(ControlRecordType.valueOf(type.name()), ControlRecordType.parse(type.key()));
            assertEquals(type, ControlRecord.ofKey(type.key()));
        }
        assertEquals(ControlRecordType.values().length - 1, ControlRecord.values().length, "all but UNKNOWN");
    }

    @Test
    void laterTypesAreUnknownAndNotAnError() {
        for (short id : new short[] {7, Short.MAX_VALUE, -1, Short.MIN_VALUE}) {
            ByteBuffer key =
                    ByteBuffer.allocate(4).putShort((short) 0).putShort(id).flip();
            assertNull(ControlRecord.ofKey(key), "type " + id);
        }
        ByteBuffer laterVersion = ByteBuffer.allocate(6)
                .putShort((short) 3)
                .putShort(ControlRecord.COMMIT.id())
                .putShort((short) 1)
                .flip();
        assertEquals(ControlRecord.COMMIT, ControlRecord.ofKey(laterVersion));
    }

    @Test
    void keysAndValuesThatAreTooShortAreInvalid() {
        assertInvalid(() -> ControlRecord.ofKey(null));
        for (int length = 0; length < 4; length++) {
            ByteBuffer key = ControlRecord.COMMIT.key().limit(length);
            assertInvalid(() -> ControlRecord.ofKey(key));
        }
        assertInvalid(() -> ControlRecord.ofKey(
                ByteBuffer.allocate(4).putShort((short) -1).putShort((short) 0).flip()));
        assertInvalid(() -> ControlRecord.coordinatorEpoch(null));
        for (int length = 0; length < 6; length++) {
            ByteBuffer value = ControlRecord.endOfTransactionValue(1).limit(length);
            assertInvalid(() -> ControlRecord.coordinatorEpoch(value));
        }
    }

    private static void assertInvalid(org.junit.jupiter.api.function.Executable reading) {
        assertEquals(
                BatchFault.Kind.INVALID_RECORD,
                assertThrows(InvalidRecordsException.class, reading).fault().kind());
    }
}

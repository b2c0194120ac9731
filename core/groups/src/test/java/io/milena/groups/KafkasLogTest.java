package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import io.milena.protocol.record.GroupMetadataValue;
import io.milena.protocol.record.OffsetCommitValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A partition that Apache Kafka 4.3.1 wrote (see {@code src/test/resources/offsets/README.md}) is read as Apache Kafka reads it. */
class KafkasLogTest {
    private static final long ELECTED_MS = 1_795_441_360_000L;

    private final GroupShard shard = new GroupShard(GroupSettings.defaults());
    private final List<CoordinatorRecord> records = read();

    @Test
    void offsetsAreTheLastOnesCommitted() {
        replayAll();

        OffsetCommitValue offset = offset("order-processor", "orders", 0);
        assertNotNull(offset);
        assertEquals(9, offset.offset());
        assertEquals(0, offset.leaderEpoch());
        assertEquals("", offset.metadata());
        assertEquals(1_795_441_352_287L, offset.commitTimestamp());
        assertEquals(Uuids.parse("HxnGvIGZS2yclVEJQysYtg"), offset.topicId());
        OffsetCommitValue byHand = offset("auditor", "orders", 2);
        assertNotNull(byHand);
        assertEquals("by hand", byHand.metadata());
        assertEquals(-1, byHand.leaderEpoch());
    }

    @Test
    void deletedOffsetsAndGroupsAreGone() {
        replayAll();

        assertNull(offset("auditor", "payments", 0));
        assertNull(offset("gone", "orders", 2));
        assertNull(shard.groups().group("gone"));
    }

    @Test
    void aStaticMemberThatWentAwayIsStillThere() {
        replayAll();

        DescribedGroup group = shard.describe("order-processor", (short) 6);
        assertEquals("Stable", group.groupState());
        assertEquals("consumer", group.protocolType());
        assertEquals("range", group.protocolData());
        assertEquals(1, group.members().size());
        assertEquals("till-1", group.members().getFirst().groupInstanceId());
        assertEquals("till", group.members().getFirst().clientId());
        assertEquals("/127.0.0.1", group.members().getFirst().clientHost());
    }

    @Test
    void anEmptyGroupKeepsItsGeneration() {
        replayAll();

        GroupMetadataValue mailer = shard.groups().stored().get("mailer");
        assertNotNull(mailer);
        assertEquals(2, mailer.generation());
        assertEquals("Empty", shard.describe("mailer", (short) 6).groupState());
    }

    @Test
    void aConsumerGroupHasItsEpochAndNobody() {
        replayAll();

        assertEquals(0, shard.unknownRecordCount());
        var modern = shard.describeConsumerGroup("modern");
        assertEquals("Empty", modern.groupState());
        assertEquals(3, modern.groupEpoch());
        assertEquals(2, modern.assignmentEpoch());
        List<String> ids = shard.list(ListGroupsRequest.builder().build()).stream()
                .map(ListedGroup::groupId)
                .toList();
        assertEquals(List.of("auditor", "mailer", "modern", "order-processor"), ids);
    }

    @Test
    void membersGetAFreshSession() {
        Decision decision = replayAll();

        String memberId = shard.describe("order-processor", (short) 6)
                .members()
                .getFirst()
                .memberId();
        TimerKey session = new TimerKey.Session("order-processor", memberId);
        assertEquals(
                new Effect.SetTimer(session, ELECTED_MS + 45_000),
                decision.effects().getFirst());
    }

    @Test
    void whatWeWriteIsByteForByteWhatKafkaWrites() {
        int compared = 0;
        for (CoordinatorRecord record : records) {
            CoordinatorRecord ours = writtenAgain(RecordCodec.read(record.key(), record.value()));
            if (ours != null) {
                assertEquals(record, ours);
                compared++;
            }
        }
        assertEquals(24, compared);
    }

    private static @Nullable CoordinatorRecord writtenAgain(StoredRecord record) {
        return switch (record) {
            case StoredRecord.Offset offset -> {
                OffsetCommitValue value = offset.value();
                yield value == null
                        ? RecordCodec.offsetTombstone(offset.groupId(), offset.topic(), offset.partition())
                        : RecordCodec.offsetRecord(offset.groupId(), offset.topic(), offset.partition(), value);
            }
            case StoredRecord.Group group -> {
                GroupMetadataValue value = group.value();
                yield value == null
                        ? RecordCodec.groupTombstone(group.groupId())
                        : RecordCodec.groupRecord(StoredGroup.restore(group.groupId(), value));
            }
            case StoredRecord.OfConsumerGroup of -> writtenAgain(of.groupId(), of.change());
            case StoredRecord.Unknown ignored -> null;
        };
    }

    /** Null for records whose time we do not keep. */
    private static @Nullable CoordinatorRecord writtenAgain(String groupId, ConsumerChange change) {
        return switch (change) {
            case ConsumerChange.OfEpoch(int epoch, long hash) -> ConsumerRecords.group(groupId, epoch, hash);
            case ConsumerChange.End ignored -> ConsumerRecords.groupTombstone(groupId);
            case ConsumerChange.OfTerms(String memberId, ConsumerMember.Terms terms) ->
                terms == null
                        ? ConsumerRecords.termsTombstone(groupId, memberId)
                        : ConsumerRecords.terms(groupId, memberId, terms);
            case ConsumerChange.OfTarget(String memberId, SortedSet<PartitionId> target) ->
                target == null
                        ? ConsumerRecords.targetTombstone(groupId, memberId)
                        : ConsumerRecords.target(groupId, memberId, target);
            case ConsumerChange.OfHolding(String memberId, ConsumerMember.Holding holding) ->
                holding == null
                        ? ConsumerRecords.holdingTombstone(groupId, memberId)
                        : ConsumerRecords.holding(groupId, memberId, holding);
            case ConsumerChange.OfAssignmentEpoch ignored -> null;
            case ConsumerChange.OfRegex ignored -> null;
            case ConsumerChange.Nothing ignored -> null;
        };
    }

    @Test
    void theBytesOfTheLogAreNotHeldOnTo() {
        // Given buffers that are used again after each record
        for (CoordinatorRecord record : records) {
            byte[] key = Bytes.copy(record.key());
            ByteBuffer recorded = record.value();
            byte[] value = recorded == null ? null : Bytes.copy(recorded);
            shard.replay(ByteBuffer.wrap(key), value == null ? null : ByteBuffer.wrap(value));
            Arrays.fill(key, (byte) 0x55);
            if (value != null) {
                Arrays.fill(value, (byte) 0x55);
            }
        }
        GroupShard other = new GroupShard(GroupSettings.defaults());
        records.forEach(other::replay);

        // Then nothing is lost
        assertEquals(other.groups().stored(), shard.groups().stored());
        assertEquals(
                other.groups().offsets().toString(), shard.groups().offsets().toString());
    }

    private Decision replayAll() {
        records.forEach(shard::replay);
        return shard.elected(ELECTED_MS);
    }

    private @Nullable OffsetCommitValue offset(String group, String topic, int partition) {
        return shard.groups().offsets().offset(group, topic, partition);
    }

    private static List<CoordinatorRecord> read() {
        try (InputStream in = KafkasLogTest.class.getResourceAsStream("/offsets/kafka-4.3.1.log")) {
            assertNotNull(in);
            List<CoordinatorRecord> records = new ArrayList<>();
            for (Record record : MemoryRecords.readableRecords(ByteBuffer.wrap(in.readAllBytes()))
                    .records()) {
                records.add(new CoordinatorRecord(record.key(), record.value()));
            }
            return records;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.milena.groups;

import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Message;
import io.milena.protocol.WireReader;
import io.milena.protocol.WireWriter;
import io.milena.protocol.record.GroupMetadataKey;
import io.milena.protocol.record.GroupMetadataValue;
import io.milena.protocol.record.OffsetCommitKey;
import io.milena.protocol.record.OffsetCommitValue;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The records of {@code __consumer_offsets} as bytes.
 *
 * <pre>
 * key    type int16  | OffsetCommitKey (types 0 and 1) or GroupMetadataKey (type 2), in version 0
 * value  version int16 | OffsetCommitValue: 4, or 1 when the client set an expiry; GroupMetadataValue: 3
 * </pre>
 *
 * Those of consumer groups stand in {@link ConsumerRecords}. These are the versions that Apache Kafka 4 writes; all older ones can be read.
 */
final class RecordCodec {
    /** An offset commit as old releases wrote it: the same key under another type. */
    private static final short OLD_OFFSET_TYPE = 0;

    private static final short KEY_VERSION = 0;
    private static final short OFFSET_VERSION = 4;
    private static final short OFFSET_VERSION_WITH_EXPIRY = 1;
    private static final short GROUP_VERSION = 3;
    private static final short ONLY_VERSION = 0;

    private RecordCodec() {}

    static CoordinatorRecord groupRecord(ClassicGroup group) {
        return new CoordinatorRecord(groupKey(group.id()), bytes(GROUP_VERSION, StoredGroup.of(group), GROUP_VERSION));
    }

    static CoordinatorRecord groupTombstone(String groupId) {
        return new CoordinatorRecord(groupKey(groupId), null);
    }

    static CoordinatorRecord offsetRecord(String groupId, String topic, int partition, OffsetCommitValue value) {
        short version = value.expireTimestamp() < 0 ? OFFSET_VERSION : OFFSET_VERSION_WITH_EXPIRY;
        return new CoordinatorRecord(offsetKey(groupId, topic, partition), bytes(version, value, version));
    }

    static CoordinatorRecord offsetTombstone(String groupId, String topic, int partition) {
        return new CoordinatorRecord(offsetKey(groupId, topic, partition), null);
    }

    /** A record of a kind that has one version only. */
    static CoordinatorRecord record(short type, Message key, @Nullable Message value) {
        return new CoordinatorRecord(
                bytes(type, key, KEY_VERSION), value == null ? null : bytes(ONLY_VERSION, value, ONLY_VERSION));
    }

    private static ByteBuffer groupKey(String groupId) {
        return bytes(GroupMetadataKey.TYPE, new GroupMetadataKey(groupId), KEY_VERSION);
    }

    private static ByteBuffer offsetKey(String groupId, String topic, int partition) {
        return bytes(OffsetCommitKey.TYPE, new OffsetCommitKey(groupId, topic, partition), KEY_VERSION);
    }

    private static ByteBuffer bytes(short prefix, Message message, short version) {
        WireWriter out = new WireWriter();
        out.int16(prefix);
        message.write(out, version);
        return out.toBuffer();
    }

    /**
     * Decodes a record into values that share no bytes with it.
     *
     * @throws MalformedMessageException if it is of a known kind and damaged
     */
    static StoredRecord read(ByteBuffer keyBytes, @Nullable ByteBuffer valueBytes) {
        WireReader key = new WireReader(keyBytes.duplicate());
        short type = key.int16();
        return switch (type) {
            case OLD_OFFSET_TYPE, OffsetCommitKey.TYPE -> offset(OffsetCommitKey.read(key, KEY_VERSION), valueBytes);
            case GroupMetadataKey.TYPE -> group(GroupMetadataKey.read(key, KEY_VERSION), valueBytes);
            default -> {
                StoredRecord.OfConsumerGroup record = ConsumerRecordReader.read(type, key, reader(valueBytes));
                yield record == null ? new StoredRecord.Unknown(type) : record;
            }
        };
    }

    private static StoredRecord offset(OffsetCommitKey key, @Nullable ByteBuffer valueBytes) {
        WireReader in = reader(valueBytes);
        OffsetCommitValue value =
                in == null ? null : OffsetCommitValue.read(in, version(in, OffsetCommitValue.HIGHEST_VERSION));
        return new StoredRecord.Offset(key.group(), key.topic(), key.partition(), value);
    }

    private static StoredRecord group(GroupMetadataKey key, @Nullable ByteBuffer valueBytes) {
        WireReader in = reader(valueBytes);
        GroupMetadataValue value =
                in == null ? null : GroupMetadataValue.read(in, version(in, GroupMetadataValue.HIGHEST_VERSION));
        return new StoredRecord.Group(key.group(), value);
    }

    private static @Nullable WireReader reader(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : new WireReader(Bytes.view(Bytes.copy(bytes)));
    }

    static short version(WireReader in, short highest) {
        short version = in.int16();
        if (version < 0 || version > highest) {
            throw new MalformedMessageException(
                    "version " + version + " of a value is not known, the highest is " + highest);
        }
        return version;
    }
}

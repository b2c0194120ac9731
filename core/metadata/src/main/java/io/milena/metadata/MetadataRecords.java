package io.milena.metadata;

import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Message;
import io.milena.protocol.WireReader;
import io.milena.protocol.WireWriter;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Metadata records as bytes, as Kafka's metadata log has them.
 *
 * <pre>
 * uvarint frame version (1) | uvarint type | uvarint version | the record's fields
 * </pre>
 */
public final class MetadataRecords {
    private static final int FRAME_VERSION = 1;

    private MetadataRecords() {}

    public static ByteBuffer encode(Message record) {
        WireWriter out = new WireWriter();
        out.unsignedVarint(FRAME_VERSION);
        out.unsignedVarint(type(record));
        // The lowest version says all that is used here, and the oldest tool reads it.
        out.unsignedVarint(0);
        record.write(out, (short) 0);
        return out.toBuffer();
    }

    private static short type(Message record) {
        return switch (record) {
            case TopicRecord ignored -> TopicRecord.TYPE;
            case PartitionRecord ignored -> PartitionRecord.TYPE;
            case RemoveTopicRecord ignored -> RemoveTopicRecord.TYPE;
            case ConfigRecord ignored -> ConfigRecord.TYPE;
            case FeatureLevelRecord ignored -> FeatureLevelRecord.TYPE;
            case ProducerIdsRecord ignored -> ProducerIdsRecord.TYPE;
            default -> throw new IllegalArgumentException("not a metadata record that is written here: " + record);
        };
    }

    /** The record, or empty for a type that this broker does not use. */
    public static Optional<Message> decode(ByteBuffer bytes) {
        WireReader in = new WireReader(bytes.duplicate());
        int frameVersion = in.unsignedVarint();
        if (frameVersion != FRAME_VERSION) {
            throw new MalformedMessageException("a metadata record of frame version " + frameVersion);
        }
        int type = in.unsignedVarint();
        short version = (short) in.unsignedVarint();
        return switch (type) {
            case TopicRecord.TYPE -> Optional.of(TopicRecord.read(in, version));
            case PartitionRecord.TYPE -> Optional.of(PartitionRecord.read(in, version));
            case RemoveTopicRecord.TYPE -> Optional.of(RemoveTopicRecord.read(in, version));
            case ConfigRecord.TYPE -> Optional.of(ConfigRecord.read(in, version));
            case FeatureLevelRecord.TYPE -> Optional.of(FeatureLevelRecord.read(in, version));
            case ProducerIdsRecord.TYPE -> Optional.of(ProducerIdsRecord.read(in, version));
            default -> Optional.empty();
        };
    }
}

package io.milena.metadata;

import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Message;
import io.milena.protocol.WireReader;
import io.milena.protocol.WireWriter;
import io.milena.protocol.record.AbortTransactionRecord;
import io.milena.protocol.record.BeginTransactionRecord;
import io.milena.protocol.record.BrokerRegistrationChangeRecord;
import io.milena.protocol.record.ClearElrRecord;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.EndTransactionRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.NoOpRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RegisterControllerRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.protocol.record.UnregisterBrokerRecord;
import io.milena.protocol.record.UnregisterControllerRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Metadata records as bytes, as Kafka's metadata log has them.
 *
 * <pre>
 * uvarint frame version (1) | uvarint type | uvarint version | the record's fields
 * </pre>
 *
 * Records are written in the versions that Kafka writes at metadata.version 33; all versions are read. Types that the image does not hold (access
 * control, quotas, credentials) are refused: skipping them would lose them with the next snapshot.
 */
public final class MetadataRecords {
    private static final int FRAME_VERSION = 1;

    private MetadataRecords() {}

    public static ByteBuffer encode(Message record) {
        RecordKind kind = RecordKind.of(record);
        WireWriter out = new WireWriter();
        out.unsignedVarint(FRAME_VERSION);
        out.unsignedVarint(kind.type());
        out.unsignedVarint(kind.version());
        record.write(out, kind.version());
        return out.toBuffer();
    }

    public static List<ByteBuffer> encode(List<? extends Message> records) {
        List<ByteBuffer> encoded = new ArrayList<>(records.size());
        for (Message record : records) {
            encoded.add(encode(record));
        }
        return encoded;
    }

    /**
     * The record, or empty if it says nothing.
     *
     * @throws MalformedMessageException if the bytes are not a record that the image can hold
     */
    public static Optional<Message> decode(ByteBuffer bytes) {
        WireReader in = new WireReader(bytes.duplicate());
        int frameVersion = in.unsignedVarint();
        if (frameVersion != FRAME_VERSION) {
            throw new MalformedMessageException("a metadata record of frame version " + frameVersion);
        }
        int type = in.unsignedVarint();
        int version = in.unsignedVarint();
        RecordKind kind = RecordKind.ofType(type);
        if (kind == null) {
            throw new MalformedMessageException("a metadata record of type " + type + " is not supported");
        }
        if (version < 0 || version > kind.version()) {
            throw new MalformedMessageException("a metadata record of type " + type + " in version " + version
                    + ", the highest known is " + kind.version());
        }
        Message record = read(kind, in, (short) version);
        if (in.remaining() > 0) {
            throw new MalformedMessageException(in.remaining() + " bytes behind a metadata record of type " + type);
        }
        return kind == RecordKind.NO_OP ? Optional.empty() : Optional.of(record);
    }

    /** Those of the records that say something, as {@link #decode(ByteBuffer)}. The buffers stay as they are. */
    public static List<Message> decode(List<ByteBuffer> records) {
        List<Message> decoded = new ArrayList<>(records.size());
        records.forEach(bytes -> decode(bytes).ifPresent(decoded::add));
        return decoded;
    }

    private static Message read(RecordKind kind, WireReader in, short version) {
        return switch (kind) {
            case REGISTER_BROKER -> RegisterBrokerRecord.read(in, version);
            case UNREGISTER_BROKER -> UnregisterBrokerRecord.read(in, version);
            case TOPIC -> TopicRecord.read(in, version);
            case PARTITION -> PartitionRecord.read(in, version);
            case CONFIG -> ConfigRecord.read(in, version);
            case PARTITION_CHANGE -> PartitionChangeRecord.read(in, version);
            case REMOVE_TOPIC -> RemoveTopicRecord.read(in, version);
            case FEATURE_LEVEL -> FeatureLevelRecord.read(in, version);
            case PRODUCER_IDS -> ProducerIdsRecord.read(in, version);
            case BROKER_REGISTRATION_CHANGE -> BrokerRegistrationChangeRecord.read(in, version);
            case REGISTER_CONTROLLER -> RegisterControllerRecord.read(in, version);
            case UNREGISTER_CONTROLLER -> UnregisterControllerRecord.read(in, version);
            case CLEAR_ELR -> ClearElrRecord.read(in, version);
            case NO_OP -> NoOpRecord.read(in, version);
            case BEGIN_TRANSACTION -> BeginTransactionRecord.read(in, version);
            case END_TRANSACTION -> EndTransactionRecord.read(in, version);
            case ABORT_TRANSACTION -> AbortTransactionRecord.read(in, version);
        };
    }
}

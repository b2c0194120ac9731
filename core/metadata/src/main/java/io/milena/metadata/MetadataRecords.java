package io.milena.metadata;

import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Message;
import io.milena.protocol.WireReader;
import io.milena.protocol.WireWriter;
import io.milena.protocol.record.BrokerRegistrationChangeRecord;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.NoOpRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.protocol.record.UnregisterBrokerRecord;
import java.nio.ByteBuffer;
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
 * control, quotas, credentials, transactions of records) are refused: skipping them would lose them with the next snapshot.
 */
public final class MetadataRecords {
    private static final int FRAME_VERSION = 1;

    private MetadataRecords() {}

    /** How a type of record is written and read. */
    private record Kind(short type, short version, short highest, WireReader.Element<? extends Message> reader) {}

    public static ByteBuffer encode(Message record) {
        Kind kind = kindOf(record);
        WireWriter out = new WireWriter();
        out.unsignedVarint(FRAME_VERSION);
        out.unsignedVarint(kind.type);
        out.unsignedVarint(kind.version);
        record.write(out, kind.version);
        return out.toBuffer();
    }

    public static List<ByteBuffer> encode(List<? extends Message> records) {
        return records.stream().map(MetadataRecords::encode).toList();
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
        Kind kind = kindOf(in.unsignedVarint());
        int version = in.unsignedVarint();
        if (version < 0 || version > kind.highest) {
            throw new MalformedMessageException("a metadata record of type " + kind.type + " in version " + version
                    + ", the highest known is " + kind.highest);
        }
        Message record = kind.reader.read(in, (short) version);
        if (in.remaining() > 0) {
            throw new MalformedMessageException(
                    in.remaining() + " bytes behind a metadata record of type " + kind.type);
        }
        return record instanceof NoOpRecord ? Optional.empty() : Optional.of(record);
    }

    private static Kind kindOf(Message record) {
        return kindOf(
                switch (record) {
                    case RegisterBrokerRecord ignored -> RegisterBrokerRecord.TYPE;
                    case UnregisterBrokerRecord ignored -> UnregisterBrokerRecord.TYPE;
                    case TopicRecord ignored -> TopicRecord.TYPE;
                    case PartitionRecord ignored -> PartitionRecord.TYPE;
                    case ConfigRecord ignored -> ConfigRecord.TYPE;
                    case PartitionChangeRecord ignored -> PartitionChangeRecord.TYPE;
                    case RemoveTopicRecord ignored -> RemoveTopicRecord.TYPE;
                    case FeatureLevelRecord ignored -> FeatureLevelRecord.TYPE;
                    case ProducerIdsRecord ignored -> ProducerIdsRecord.TYPE;
                    case BrokerRegistrationChangeRecord ignored -> BrokerRegistrationChangeRecord.TYPE;
                    case NoOpRecord ignored -> NoOpRecord.TYPE;
                    default ->
                        throw new IllegalArgumentException("not a metadata record that is written here: " + record);
                });
    }

    private static Kind kindOf(int type) {
        return switch (type) {
            case RegisterBrokerRecord.TYPE ->
                new Kind(RegisterBrokerRecord.TYPE, (short) 4, (short) 4, RegisterBrokerRecord::read);
            case UnregisterBrokerRecord.TYPE ->
                new Kind(UnregisterBrokerRecord.TYPE, (short) 0, (short) 0, UnregisterBrokerRecord::read);
            case TopicRecord.TYPE -> new Kind(TopicRecord.TYPE, (short) 0, (short) 0, TopicRecord::read);
            case PartitionRecord.TYPE -> new Kind(PartitionRecord.TYPE, (short) 2, (short) 2, PartitionRecord::read);
            case ConfigRecord.TYPE -> new Kind(ConfigRecord.TYPE, (short) 0, (short) 0, ConfigRecord::read);
            case PartitionChangeRecord.TYPE ->
                new Kind(PartitionChangeRecord.TYPE, (short) 2, (short) 2, PartitionChangeRecord::read);
            case RemoveTopicRecord.TYPE ->
                new Kind(RemoveTopicRecord.TYPE, (short) 0, (short) 0, RemoveTopicRecord::read);
            case FeatureLevelRecord.TYPE ->
                new Kind(FeatureLevelRecord.TYPE, (short) 0, (short) 0, FeatureLevelRecord::read);
            case ProducerIdsRecord.TYPE ->
                new Kind(ProducerIdsRecord.TYPE, (short) 0, (short) 0, ProducerIdsRecord::read);
            case BrokerRegistrationChangeRecord.TYPE ->
                new Kind(
                        BrokerRegistrationChangeRecord.TYPE,
                        (short) 3,
                        (short) 3,
                        BrokerRegistrationChangeRecord::read);
            case NoOpRecord.TYPE -> new Kind(NoOpRecord.TYPE, (short) 0, (short) 0, NoOpRecord::read);
            default -> throw new MalformedMessageException("a metadata record of type " + type + " is not supported");
        };
    }
}

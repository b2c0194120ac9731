package io.milena.metadata;

import io.milena.protocol.Message;
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
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metadata records that an image holds, and those that keep several appends together, with their types and the versions that Kafka writes at metadata.version 33. Code switches over these and not over
 * the records' classes: linking a switch over patterns takes 30 ms of every start.
 */
enum RecordKind {
    REGISTER_BROKER(RegisterBrokerRecord.class, RegisterBrokerRecord.TYPE, 4),
    UNREGISTER_BROKER(UnregisterBrokerRecord.class, UnregisterBrokerRecord.TYPE, 0),
    TOPIC(TopicRecord.class, TopicRecord.TYPE, 0),
    PARTITION(PartitionRecord.class, PartitionRecord.TYPE, 2),
    CONFIG(ConfigRecord.class, ConfigRecord.TYPE, 0),
    PARTITION_CHANGE(PartitionChangeRecord.class, PartitionChangeRecord.TYPE, 2),
    REMOVE_TOPIC(RemoveTopicRecord.class, RemoveTopicRecord.TYPE, 0),
    FEATURE_LEVEL(FeatureLevelRecord.class, FeatureLevelRecord.TYPE, 0),
    PRODUCER_IDS(ProducerIdsRecord.class, ProducerIdsRecord.TYPE, 0),
    BROKER_REGISTRATION_CHANGE(BrokerRegistrationChangeRecord.class, BrokerRegistrationChangeRecord.TYPE, 3),
    REGISTER_CONTROLLER(RegisterControllerRecord.class, RegisterControllerRecord.TYPE, 0),
    UNREGISTER_CONTROLLER(UnregisterControllerRecord.class, UnregisterControllerRecord.TYPE, 0),
    CLEAR_ELR(ClearElrRecord.class, ClearElrRecord.TYPE, 0),
    NO_OP(NoOpRecord.class, NoOpRecord.TYPE, 0),
    BEGIN_TRANSACTION(BeginTransactionRecord.class, BeginTransactionRecord.TYPE, 0),
    END_TRANSACTION(EndTransactionRecord.class, EndTransactionRecord.TYPE, 0),
    ABORT_TRANSACTION(AbortTransactionRecord.class, AbortTransactionRecord.TYPE, 0);

    private static final Map<Class<?>, RecordKind> BY_CLASS = new HashMap<>();
    private static final RecordKind[] VALUES = values();

    static {
        for (RecordKind kind : VALUES) {
            BY_CLASS.put(kind.recordClass, kind);
        }
    }

    private final Class<? extends Message> recordClass;
    private final short type;
    private final short version;

    RecordKind(Class<? extends Message> recordClass, short type, int version) {
        this.recordClass = recordClass;
        this.type = type;
        this.version = (short) version;
    }

    /** Null if an image holds no such records. */
    static @Nullable RecordKind ofType(int type) {
        for (RecordKind kind : VALUES) {
            if (kind.type == type) {
                return kind;
            }
        }
        return null;
    }

    static RecordKind of(Message record) {
        RecordKind kind = BY_CLASS.get(record.getClass());
        if (kind == null) {
            throw new IllegalStateException("not a metadata record that an image holds: " + record);
        }
        return kind;
    }

    short type() {
        return type;
    }

    /** In which records are written; also the highest that can be read. */
    short version() {
        return version;
    }
}

package io.milena.groups;

import io.milena.protocol.record.GroupMetadataValue;
import io.milena.protocol.record.OffsetCommitValue;
import org.jspecify.annotations.Nullable;

/** A record of {@code __consumer_offsets}, decoded; a null value is a tombstone. */
sealed interface StoredRecord {
    record Offset(
            String groupId,
            String topic,
            int partition,
            @Nullable OffsetCommitValue value) implements StoredRecord {}

    record Group(String groupId, @Nullable GroupMetadataValue value) implements StoredRecord {}

    /** Of a consumer group (KIP-848). */
    record OfConsumerGroup(String groupId, ConsumerChange change) implements StoredRecord {}

    /** Of a kind that this module does not know: of a share or streams group, or from the future. */
    record Unknown(short keyVersion) implements StoredRecord {}
}

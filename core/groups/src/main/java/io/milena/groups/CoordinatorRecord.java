package io.milena.groups;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One record of {@code __consumer_offsets}, encoded as Kafka encodes it (see {@link RecordCodec}).
 *
 * @param key read-only, position 0 to limit
 * @param value read-only, position 0 to limit; null is a tombstone
 */
public record CoordinatorRecord(ByteBuffer key, @Nullable ByteBuffer value) {
    public CoordinatorRecord {
        key = key.asReadOnlyBuffer();
        value = value == null ? null : value.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer key() {
        return key.duplicate();
    }

    @Override
    public @Nullable ByteBuffer value() {
        return value == null ? null : value.duplicate();
    }
}

package io.milena.transactions;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One record of {@code __transaction_state}: what a transactional id is from now on.
 *
 * @param transaction null for an id that is forgotten
 */
public record CoordinatorRecord(
        String transactionalId, @Nullable Transaction transaction) {
    static CoordinatorRecord of(Transaction transaction) {
        return new CoordinatorRecord(transaction.id(), transaction);
    }

    static CoordinatorRecord tombstone(String transactionalId) {
        return new CoordinatorRecord(transactionalId, null);
    }

    /** As {@link RecordCodec} says. */
    public ByteBuffer key() {
        return RecordCodec.key(transactionalId);
    }

    /** As {@link RecordCodec} says; null is a tombstone. */
    public @Nullable ByteBuffer value() {
        return transaction == null ? null : RecordCodec.value(transaction);
    }
}

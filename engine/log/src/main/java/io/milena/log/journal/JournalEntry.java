package io.milena.log.journal;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a round says of one log. */
public record JournalEntry(UUID topicId, int partition, Kind kind, ByteBuffer bytes) {
    /** What it means. */
    public enum Kind {
        /** The log goes on with these batches. */
        BATCHES(1),
        /** The log's files hold all of it, and what earlier entries say of it is void: it was truncated. */
        VOID(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static @Nullable Kind of(int code) {
            return code == BATCHES.code ? BATCHES : code == VOID.code ? VOID : null;
        }
    }
}

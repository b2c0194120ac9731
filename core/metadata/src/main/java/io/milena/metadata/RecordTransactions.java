package io.milena.metadata;

import io.milena.protocol.Message;
import io.milena.protocol.record.AbortTransactionRecord;
import io.milena.protocol.record.BeginTransactionRecord;
import io.milena.protocol.record.EndTransactionRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the records of a decision together that is too large for one append, as Kafka does (KIP-868): the first append begins a transaction, the last one ends it, and nobody replays any of it before. One
 * that its controller has not ended, because it died, is aborted by the next.
 *
 * <pre>
 * begin record record ... | record ... | record record end         appends
 * </pre>
 *
 * <p>An object is what one listener has heard so far; for one thread at a time.
 */
public final class RecordTransactions {
    /** What a record takes in a batch besides its bytes, at most. */
    private static final int FRAME_BYTES = 100;

    private static final String NAME = "decision";

    private @Nullable List<Message> open;

    /** Whether something was begun that is neither ended nor aborted. */
    public boolean isOpen() {
        return open != null;
    }

    /** All that was heard before is replaced. */
    public void reset() {
        open = null;
    }

    /** The records that are to be replayed now: none while a transaction is open, all of it when it ends. */
    public List<Message> heard(List<Message> records) {
        if (open == null && records.stream().noneMatch(RecordTransactions::isMark)) {
            return records;
        }
        List<Message> complete = new ArrayList<>();
        for (Message record : records) {
            switch (RecordKind.of(record)) {
                case BEGIN_TRANSACTION -> begin();
                case END_TRANSACTION -> complete.addAll(ended());
                case ABORT_TRANSACTION -> ended();
                default -> (open == null ? complete : open).add(record);
            }
        }
        return complete;
    }

    private static boolean isMark(Message record) {
        RecordKind kind = RecordKind.of(record);
        return kind == RecordKind.BEGIN_TRANSACTION
                || kind == RecordKind.END_TRANSACTION
                || kind == RecordKind.ABORT_TRANSACTION;
    }

    private void begin() {
        if (open != null) {
            throw new IllegalStateException("a transaction of metadata records begins within another one");
        }
        open = new ArrayList<>();
    }

    private List<Message> ended() {
        List<Message> records = open;
        if (records == null) {
            throw new IllegalStateException("a transaction of metadata records ends that has not begun");
        }
        open = null;
        return records;
    }

    /** An append that undoes what is open. */
    public static List<ByteBuffer> abortion() {
        return List.of(MetadataRecords.encode(AbortTransactionRecord.builder()
                .reason("its controller did not end it")
                .build()));
    }

    /**
     * The records in appends of at most so many bytes, a transaction if there are several. A record that is larger by itself stands alone.
     *
     * @param bytesMax of an append, with {@value FRAME_BYTES} for each record
     */
    public static List<List<ByteBuffer>> appends(List<Message> records, int bytesMax) {
        List<ByteBuffer> encoded = MetadataRecords.encode(records);
        if (bytes(encoded) <= bytesMax) {
            return List.of(encoded);
        }
        List<List<ByteBuffer>> appends = new ArrayList<>();
        List<ByteBuffer> next = new ArrayList<>();
        next.add(MetadataRecords.encode(
                BeginTransactionRecord.builder().name(NAME).build()));
        long room = bytesMax - bytes(next);
        encoded.add(MetadataRecords.encode(EndTransactionRecord.builder().build()));
        for (ByteBuffer record : encoded) {
            room -= record.remaining() + FRAME_BYTES;
            if (room < 0 && !next.isEmpty()) {
                appends.add(next);
                next = new ArrayList<>();
                room = (long) bytesMax - record.remaining() - FRAME_BYTES;
            }
            next.add(record);
        }
        appends.add(next);
        return appends;
    }

    private static long bytes(List<ByteBuffer> records) {
        long bytes = 0;
        for (ByteBuffer record : records) {
            bytes += record.remaining() + FRAME_BYTES;
        }
        return bytes;
    }
}

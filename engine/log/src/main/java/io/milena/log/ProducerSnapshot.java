package io.milena.log;

import io.milena.log.Producer.Appended;
import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The file that holds what a log remembers of producers at an offset, after which it is named.
 *
 * <pre>
 * snapshot: int16 version (1) | uint32 CRC32C of what follows | int32 count | entries
 * entry:    int64 producer id | int16 epoch | int32 last sequence | int64 last offset | int32 offset delta | int64 timestamp
 *           | int32 coordinator epoch | int64 first offset of the open transaction, or -1
 * </pre>
 *
 * <p>A producer has an entry for each batch that is remembered, oldest first. Kafka writes the last only and reads ours the same way, because a later entry replaces an
 * earlier one; but a client may send all five again after a crash.
 */
final class ProducerSnapshot {
    private static final short VERSION = 1;
    private static final int HEADER_BYTES = 10;
    private static final int CRC_AT = 2;
    private static final int ENTRY_BYTES = 46;

    /** Stands for the batch of a producer of which only markers are known. */
    private static final Appended NONE = new Appended(-1, -1, -1, -1, -1);

    private ProducerSnapshot() {}

    /** Writes it without forcing it: one that is torn is recognised and not used. */
    static void write(Path file, Collection<Producer> producers) throws IOException {
        int count = producers.stream().mapToInt(ProducerSnapshot::entryCount).sum();
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + count * ENTRY_BYTES);
        out.putShort(VERSION).putInt(0).putInt(count);
        for (Producer producer : producers) {
            if (producer.batches().isEmpty()) {
                putEntry(out, producer, NONE, producer.lastTimestampMs());
            }
            int left = producer.batches().size();
            for (Appended batch : producer.batches()) {
                // A marker may be later than the last batch, and what was heard last is what the last entry says.
                putEntry(out, producer, batch, --left == 0 ? producer.lastTimestampMs() : batch.timestampMs());
            }
        }
        out.flip().putInt(CRC_AT, crc(out));
        Checkpoint.write(file, out);
    }

    private static int entryCount(Producer producer) {
        return Math.max(1, producer.batches().size());
    }

    private static void putEntry(ByteBuffer out, Producer producer, Appended batch, long timestampMs) {
        out.putLong(producer.id()).putShort(producer.epoch());
        out.putInt(batch.lastSequence()).putLong(batch.lastOffset());
        out.putInt((int) (batch.lastOffset() - batch.baseOffset())).putLong(timestampMs);
        out.putInt(producer.coordinatorEpoch()).putLong(producer.transactionFirstOffset());
    }

    private static int crc(ByteBuffer snapshot) {
        CRC32C crc = new CRC32C();
        crc.update(snapshot.slice(CRC_AT + 4, snapshot.limit() - CRC_AT - 4));
        return (int) crc.getValue();
    }

    /** The producers in a file; nothing if it is not there, damaged, or of another version. */
    static Optional<List<Producer>> read(Path file) throws IOException {
        ByteBuffer in;
        try {
            in = ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (in.remaining() < HEADER_BYTES || in.getShort() != VERSION || in.getInt() != crc(in)) {
            return Optional.empty();
        }
        int count = in.getInt();
        if (in.remaining() != count * (long) ENTRY_BYTES) {
            return Optional.empty();
        }
        Map<Long, Producer> producers = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            readEntry(in, producers);
        }
        return Optional.of(new ArrayList<>(producers.values()));
    }

    private static void readEntry(ByteBuffer in, Map<Long, Producer> producers) {
        long producerId = in.getLong();
        short epoch = in.getShort();
        Producer producer = producers.computeIfAbsent(producerId, id -> new Producer(id, epoch));
        int lastSequence = in.getInt();
        long lastOffset = in.getLong();
        int delta = in.getInt();
        long timestampMs = in.getLong();
        producer.note(epoch, timestampMs);
        producer.coordinatorEpoch(in.getInt());
        producer.beginTransaction(in.getLong());
        if (lastOffset >= 0) {
            producer.note(new Appended(
                    baseSequence(lastSequence, delta), lastSequence, lastOffset - delta, lastOffset, timestampMs));
        }
    }

    /** Sequences go on at 0 behind the largest; a batch without one has none at its begin either. */
    private static int baseSequence(int lastSequence, int delta) {
        return lastSequence < 0 ? lastSequence : (lastSequence - delta) & Integer.MAX_VALUE;
    }
}

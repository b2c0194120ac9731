package io.milena.log.story;

import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Files changed so that a start takes them for right: what a log would leave that makes a mistake. */
final class Forgeries {
    /** Of a producer snapshot: version and checksum, then the number of entries. */
    private static final int CHECKED_FROM = 6;

    private static final int ENTRIES_AT = 10;
    private static final int ENTRY_BYTES = 46;

    private Forgeries() {}

    private static List<Path> files(Path partition, String ending) throws IOException {
        if (!Files.exists(partition)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(partition)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    /** Snapshots that know of no open transaction. */
    static void closeTransactions(Path partition) throws IOException {
        for (Path file : files(partition, ".snapshot")) {
            ByteBuffer snapshot = ByteBuffer.wrap(Files.readAllBytes(file));
            for (int at = ENTRIES_AT; at + ENTRY_BYTES <= snapshot.limit(); at += ENTRY_BYTES) {
                snapshot.putLong(at + ENTRY_BYTES - Long.BYTES, -1);
            }
            if (snapshot.limit() >= ENTRIES_AT) {
                CRC32C crc = new CRC32C();
                crc.update(snapshot.slice(CHECKED_FROM, snapshot.limit() - CHECKED_FROM));
                snapshot.putInt(2, (int) crc.getValue());
            }
            Files.write(file, snapshot.array());
        }
    }

    /** No trace of what was aborted, but in the batches. */
    static void forgetAborted(Path partition) throws IOException {
        for (Path file : files(partition, ".txnindex")) {
            Files.delete(file);
        }
        Files.deleteIfExists(partition.resolve("transaction-index-checkpoint"));
    }

    /** The oldest segment without its first batch. */
    static void loseFirstBatch(Path partition) throws IOException {
        List<Path> segments = files(partition, ".log");
        if (segments.isEmpty()) {
            return;
        }
        byte[] bytes = Files.readAllBytes(segments.getFirst());
        for (RecordBatch first : RecordBatches.of(ByteBuffer.wrap(bytes))) {
            Files.write(segments.getFirst(), Arrays.copyOfRange(bytes, first.sizeInBytes(), bytes.length));
            break;
        }
        for (Path index : files(partition, "index")) {
            if (!index.toString().endsWith(".txnindex")) {
                Files.delete(index);
            }
        }
    }
}

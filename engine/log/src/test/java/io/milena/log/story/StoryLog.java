package io.milena.log.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.Log;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.log.ReadResult;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One log of a story and its model; compares the two. */
final class StoryLog {
    private static final String TOPIC = "story";

    private final int partition;
    private final LogSettings settings;
    private final LogSettings.Durability promised;
    private final LogModel model = new LogModel();
    private @Nullable Log log;

    /** @param promised what an acknowledgement is held to mean, whatever the settings say */
    StoryLog(int partition, LogSettings settings, LogSettings.Durability promised) {
        this.partition = partition;
        this.settings = settings;
        this.promised = promised;
    }

    LogModel model() {
        return model;
    }

    LogSettings settings() {
        return settings;
    }

    Log log() {
        return Objects.requireNonNull(log);
    }

    boolean isCompacted() {
        return settings.compacting().isOn();
    }

    boolean isForced() {
        return promised == LogSettings.Durability.FORCED;
    }

    /** Finds the log in a directory that was just opened; one that never had a record that survived is created, as the metadata would have it. */
    void open(LogDirectory directory, LogModel.Ending ending) throws IOException {
        Log found = directory.log(TOPIC, partition);
        if (found == null) {
            found = directory
                    .create(TOPIC, List.of(partition), new UUID(7, partition), settings)
                    .getFirst();
        }
        found.settings(settings);
        log = found;
        model.restart(found.logStartOffset(), found.logEndOffset(), ending, isForced());
    }

    /** To be called before the process ends: what the log says is safe by now. */
    void noteAcknowledged(LogModel.Ending ending) {
        if (isForced() || ending != LogModel.Ending.POWER_CUT) {
            model.acknowledge(log().flushedOffset());
        }
    }

    /** The log says of itself what the model says. */
    void compareOffsets() {
        assertEquals(model.end(), log().logEndOffset(), "log end");
        assertEquals(model.start(), log().logStartOffset(), "log start");
        assertEquals(model.isOffline(), log().isOffline(), "offline");
        if (isForced()) {
            model.acknowledge(log().flushedOffset());
        }
    }

    Path folder(Path data) {
        return data.resolve(TOPIC + "-" + partition);
    }

    /** The files of its batches in a data directory. */
    List<Path> segments(Path data) throws IOException {
        Path folder = folder(data);
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
    }

    /** Everything that is there. */
    void compareAll() throws IOException {
        long next = model.start();
        while (next < model.end()) {
            next = compareFrom(next, 1 << 20, Long.MAX_VALUE);
        }
    }

    /**
     * Reads once, and answers where to go on.
     *
     * @throws IOException if the disk does not let it
     */
    long compareFrom(long offset, int bytesMax, long bound) throws IOException {
        ReadResult result = log().read(offset, bytesMax, bound);
        if (result instanceof ReadResult.Unreadable unreadable) {
            throw new IOException(unreadable.message());
        }
        if (result instanceof ReadResult.Damaged damage) {
            assertTrue(damage.nextOffset() > offset, () -> "no way on from " + offset);
            new Comparison(model, offset).assertDamaged(damage.nextOffset());
            return damage.nextOffset();
        }
        if (offset >= Math.min(bound, model.end())) {
            assertInstanceOf(ReadResult.Empty.class, result);
            return offset;
        }
        Comparison expected = new Comparison(model, offset);
        if (result instanceof ReadResult.Empty) {
            expected.assertNothing(bound);
            return isCompacted() ? model.end() : offset;
        }
        List<RecordBatch> read = batches(assertInstanceOf(ReadResult.Slice.class, result));
        assertTrue(!read.isEmpty(), "an empty slice");
        read.forEach(expected::next);
        assertTrue(read.getLast().lastOffset() < bound, "beyond the bound");
        return read.getLast().lastOffset() + 1;
    }

    /** What readers of committed data see: what is committed of all that is there, and nothing else. */
    void compareCommitted() throws IOException {
        if (model.hasDamage() || model.isOffline() || model.isForgetful()) {
            return; // nobody knows what a marker said that cannot be read, or was lost
        }
        long highWatermark = log().flushedOffset();
        TransactionHistory transactions = TransactionHistory.of(model);
        long stable = transactions.lastStableOffset(highWatermark, model.start());
        assertEquals(stable, log().lastStableOffset(highWatermark), "last stable offset");
        Comparison expected = new Comparison(model, model.start());
        long next = model.start();
        while (next < stable) {
            ReadResult result = log().readCommitted(next, 1 << 20, stable);
            if (result instanceof ReadResult.Unreadable unreadable) {
                throw new IOException(unreadable.message());
            }
            if (result instanceof ReadResult.Empty) {
                expected.assertNothing(stable);
                return;
            }
            ReadResult.Slice slice = assertInstanceOf(ReadResult.Slice.class, result);
            AbortedFilter filter = new AbortedFilter(slice.abortedTransactions());
            List<RecordBatch> read = batches(slice);
            for (RecordBatch batch : read) {
                LogModel.Batch known = expected.next(batch);
                assertEquals(
                        filter.isVisible(batch),
                        !batch.isControl() && !transactions.isAborted(known),
                        () -> "readers of committed data and the batch at " + batch.baseOffset());
            }
            next = read.getLast().lastOffset() + 1;
        }
    }

    private static List<RecordBatch> batches(ReadResult.Slice slice) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
        try {
            while (bytes.hasRemaining()) {
                int n = slice.channel().read(bytes, slice.position() + bytes.position());
                assertTrue(n > 0, "a slice behind the end of its file");
            }
        } finally {
            slice.release();
        }
        List<RecordBatch> batches = new ArrayList<>();
        RecordBatches.of(bytes.flip()).forEach(batches::add);
        return batches;
    }
}

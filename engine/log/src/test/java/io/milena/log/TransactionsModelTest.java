package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.Checkpoint;
import io.milena.log.journal.JournalSettings;
import io.milena.records.ControlRecord;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random transactions of a few producers, with everything that may happen to a log between them: what readers of committed data see is compared with a model after every step. */
class TransactionsModelTest {
    /** Not even forced, so that a seed always means the same. */
    private static final LogDirectory.Settings NEVER_BY_ITSELF = new LogDirectory.Settings(
                    Long.MAX_VALUE, Long.MAX_VALUE, 16)
            .with(new CleanerSettings(0, 1 << 16, Double.MAX_VALUE, 1000))
            .withJournal(new JournalSettings(8192, 2, 0));

    @Test
    void readersOfCommittedDataSeeWhatTheModelSays() {
        LogFixture.each(TransactionsModelTest.class, 200, seed -> {
            try (Run run = new Run(seed)) {
                for (int i = 0; i < 120; i++) {
                    run.step();
                    run.check();
                }
            }
        });
    }

    /** One log and its model. */
    private static final class Run implements AutoCloseable {
        private final HandClock clock = new HandClock();
        private final Random random;
        private final LogSettings settings;
        private final TransactionsModel model = new TransactionsModel();
        private final Map<Long, Integer> sequences = new TreeMap<>();
        /** Then nothing is deleted: without the batches, nobody could know what they said. */
        private final boolean losesSnapshots;
        /** Each record has a key of its own, so that compaction takes away only what was aborted. */
        private final boolean compacts;

        private int keys;

        private SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        private LogDirectory directory;
        private Log log;
        private long highWatermark;

        Run(long seed) throws IOException {
            random = new Random(seed);
            settings = LogFixture.small(300 + random.nextInt(2000), 100, Durability.FORCED)
                    .with(CompactionFixture.COMPACTING);
            losesSnapshots = random.nextInt(3) == 0;
            compacts = random.nextInt(3) == 0;
            directory = open();
            log = LogFixture.create(directory, settings);
        }

        private Path folder() {
            return disk.root().resolve("data").resolve("orders-0");
        }

        private LogDirectory open() throws IOException {
            return LogFixture.open(disk.root().resolve("data"), NEVER_BY_ITSELF, settings, clock);
        }

        void step() throws IOException, InterruptedException {
            clock.advanceMs(1);
            switch (random.nextInt(40)) {
                case 0 -> restart();
                case 1 -> directory.checkpoint();
                case 2 -> retain();
                case 39 -> compact();
                case 38 -> truncate();
                case 3, 4, 5, 6, 7 -> LogFixture.flush(log);
                case 8, 9, 10 -> moveHighWatermark();
                case 11, 12, 13, 14 -> append(-1, false);
                case 15, 16 -> append(random.nextInt(3), false);
                case 17, 18, 19, 20, 21, 22 -> mark(random.nextInt(5), ControlRecord.ABORT);
                case 23, 24, 25, 26 -> mark(random.nextInt(5), ControlRecord.COMMIT);
                default -> append(random.nextInt(5), true);
            }
        }

        private void append(long producer, boolean isTransactional) {
            if (producer >= 0 && !isTransactional && model.open().containsKey(producer)) {
                return;
            }
            int records = 1 + random.nextInt(3);
            RecordBatchBuilder builder = new RecordBatchBuilder();
            for (int i = 0; i < records; i++) {
                ByteBuffer key = ByteBuffer.allocate(4).putInt(keys++).flip();
                builder.append(clock.millis(), key, ByteBuffer.allocate(random.nextInt(60)));
            }
            if (producer >= 0) {
                builder.producer(producer, (short) 0, sequences.merge(producer, records, Integer::sum) - records);
            }
            RecordBatch batch = (isTransactional ? builder.transactional() : builder).build();
            LogFixture.appended(log.append(batch.buffer(), 0));
            model.add(batch, null);
        }

        private void mark(long producer, ControlRecord type) {
            long offset = LogFixture.appended(log.appendMarker(producer, (short) 0, 3, type, 0))
                    .baseOffset();
            RecordBatch marker = EndMarker.batch(new Ending(producer, (short) 0, false, 3, type), clock.millis());
            marker.assignOffsets(offset, 0);
            model.add(marker, type);
        }

        private void moveHighWatermark() {
            long reached = highWatermark + random.nextLong(log.flushedOffset() - highWatermark + 1);
            highWatermark = model.startOfBatch(reached);
        }

        private void retain() {
            if (losesSnapshots) {
                return;
            }
            long start = model.startOffset() + random.nextLong(highWatermark - model.startOffset() + 1);
            log.deleteRecordsBefore(start);
            model.startAt(start);
            directory.applyRetention();
        }

        private void compact() throws InterruptedException {
            if (compacts) {
                clock.advanceMs(random.nextInt((int) CompactionFixture.TOMBSTONES_MS));
                if (CompactionFixture.compact(directory) > 0) {
                    highWatermark = Math.max(highWatermark, log.forcedOffset()); // what it rests on is never truncated
                }
                assertEquals(Map.of(), directory.cleaner().uncleanable());
            }
        }

        private void truncate() throws IOException {
            if (random.nextInt(8) == 0) {
                long offset = random.nextLong(model.endOffset() + 10);
                log.truncateFullyAndStartAt(offset);
                model.cut(0);
                model.startAt(offset);
                highWatermark = offset;
            } else {
                long offset = highWatermark + random.nextLong(model.endOffset() - highWatermark + 1);
                log.truncateTo(compacts ? model.startOfBatch(offset) : offset);
                model.cut(offset);
            }
            forgetSequences();
        }

        private void restart() throws IOException, InterruptedException {
            long flushed = log.flushedOffset();
            switch (random.nextInt(4)) {
                case 0 -> {
                    directory.close();
                    damageIndexes();
                }
                case 1 -> crash(SimulatedFileSystem::processKill);
                case 2 -> crash(SimulatedFileSystem::crashKeepingOnlyForced);
                default -> crash(after -> after.crash(random));
            }
            directory = open();
            log = LogFixture.existing(directory);
            assertTrue(log.logEndOffset() >= flushed, () -> log.logEndOffset() + " is left of " + flushed);
            model.cut(log.logEndOffset());
            forgetSequences();
            model.startAt(log.logStartOffset());
            highWatermark = log.logEndOffset();
        }

        /** What happens to a disk without a power plug. */
        @FunctionalInterface
        private interface Blow {
            void hit(SimulatedFileSystem disk) throws IOException;
        }

        private void crash(Blow blow) throws IOException {
            SimulatedFileSystem after = disk.copy();
            directory.close();
            blow.hit(after);
            disk = after;
        }

        private void forgetSequences() {
            sequences.clear();
            log.producers().forEach(producer -> sequences.put(producer.producerId(), producer.lastSequence() + 1));
        }

        /** Takes index files away, and snapshots where the log is whole: what they say must be found in the batches. */
        private void damageIndexes() throws IOException {
            for (String name : Files.exists(folder()) ? LogFixture.names(folder()) : List.<String>of()) {
                Path file = folder().resolve(name);
                if (name.endsWith(".txnindex") && random.nextInt(4) == 0) {
                    damage(file);
                } else if (name.endsWith(".snapshot") && losesSnapshots && random.nextInt(4) == 0) {
                    Files.delete(file);
                }
            }
            if (Files.exists(folder())) {
                Checkpoint.forceDirectory(folder()); // it is not a power cut that has taken them
            }
        }

        private void damage(Path file) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            switch (random.nextInt(3)) {
                case 0 -> Files.delete(file);
                case 1 -> Files.write(file, new byte[bytes.length]);
                default -> Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
            }
        }

        void check() throws IOException {
            assertEquals(model.endOffset(), log.logEndOffset());
            assertEquals(model.lastStableOffset(highWatermark), log.lastStableOffset(highWatermark));
            assertEquals(model.open(), open(log));
            checkSequences();
            long from = model.startOffset() + random.nextLong(model.endOffset() - model.startOffset() + 1);
            long end = from + random.nextLong(model.endOffset() - from + 2);
            checkAborted(from, end);
            long stable = model.lastStableOffset(highWatermark);
            assertEquals(model.committed(from, stable), CommittedReader.read(log, from, highWatermark, random));
        }

        private void checkAborted(long from, long end) throws IOException {
            List<AbortedTransaction> aborted = log.compactable().abortedTransactions(from, end);
            if (compacts) { // then those of which nothing is left are forgotten
                aborted.forEach(each -> assertTrue(model.isAborted(each), each::toString));
            } else {
                assertEquals(model.aborted(from, end), aborted);
            }
        }

        private void checkSequences() {
            Map<Long, Integer> found = new TreeMap<>();
            log.producers().forEach(producer -> found.put(producer.producerId(), producer.lastSequence()));
            if (compacts) { // then those of which only markers were left may be forgotten
                found.values().removeIf(last -> last < 0);
            }
            assertEquals(model.lastSequences(!compacts), found);
        }

        private static Map<Long, @Nullable Long> open(Log log) {
            Map<Long, @Nullable Long> open = new HashMap<>();
            for (ProducerState producer : log.producers()) {
                if (producer.currentTransactionFirstOffset() >= 0) {
                    open.put(producer.producerId(), producer.currentTransactionFirstOffset());
                }
            }
            return open;
        }

        @Override
        public void close() {
            directory.close();
        }
    }
}

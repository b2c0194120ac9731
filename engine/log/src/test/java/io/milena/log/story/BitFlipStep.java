package io.milena.log.story;

import io.milena.log.story.LogModel.Ending;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/** While the process is down, the disk changes a bit of what was forced: that batch is never served again, all others are, and nothing is cut. */
final class BitFlipStep implements Step {
    /** Magic, checksum and what that covers; of the offset before it only the order is checked. */
    private static final int CHECKED_FROM = 16;

    @Override
    public void take(Story story) throws IOException, InterruptedException {
        StoryLog log = story.anyLog();
        if (!log.isForced() || story.plague().isAny() || log.model().isOffline()) {
            return; // only what is known to be on disk is not cut
        }
        story.flush(log);
        story.directory().checkpoint();
        boolean isClean = story.random().nextBoolean();
        if (isClean) {
            story.restartCleanly(disk -> flip(story.random(), disk, log));
        } else {
            story.crash(Ending.KILL, disk -> flip(story.random(), disk, log));
        }
    }

    private static void flip(RandomGenerator random, SimulatedFileSystem disk, StoryLog log) {
        try {
            List<Path> segments = log.segments(disk.root().resolve("data"));
            if (segments.isEmpty()) {
                return;
            }
            Path file = segments.get(random.nextInt(segments.size()));
            List<RecordBatch> batches = intact(file);
            if (batches.isEmpty()) {
                return;
            }
            int chosen = random.nextInt(batches.size());
            long position = batches.subList(0, chosen).stream()
                    .mapToLong(RecordBatch::sizeInBytes)
                    .sum();
            RecordBatch batch = batches.get(chosen);
            int within = CHECKED_FROM + random.nextInt(batch.sizeInBytes() - CHECKED_FROM);
            disk.rot(file, position + within, 1 << random.nextInt(8));
            log.model().damage(batch.baseOffset());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Those before the first that is damaged already. */
    private static List<RecordBatch> intact(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        List<RecordBatch> batches = new java.util.ArrayList<>();
        try {
            for (RecordBatch batch : RecordBatches.of(bytes)) {
                if (!batch.isIntact()) {
                    break;
                }
                batches.add(batch);
            }
        } catch (io.milena.records.InvalidRecordsException e) {
            return batches;
        }
        return batches;
    }
}

package io.milena.log.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.ReadResult;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** Somebody reads from an offset on, looks for a time, or asks for an offset that is not there. A disk that fails may refuse, but never answers anything else. */
final class ReadStep implements Step {
    @Override
    public void take(Story story) throws IOException {
        StoryLog log = story.anyLog();
        if (log.model().isUncertain()) {
            return;
        }
        try {
            read(log, story);
        } catch (IOException e) {
            assertTrue(story.plague().hasErrors(), () -> "cannot read: " + e);
        }
    }

    private static void read(StoryLog log, Story story) throws IOException {
        RandomGenerator random = story.random();
        LogModel model = log.model();
        long offset = model.start() + random.nextLong(model.end() - model.start() + 1);
        switch (random.nextInt(7)) {
            case 0 -> {
                if (model.hasDamage() || model.compactedEnd() > 0) {
                    return; // it may be found later
                }
                long timestampMs = story.clock().millis() - random.nextInt(20_000);
                assertEquals(
                        model.offsetForTimestamp(timestampMs),
                        LogModel.offset(log.log().offsetForTimestamp(timestampMs)));
            }
            case 1 -> {
                long outside = random.nextBoolean() ? model.end() + 1 : model.start() - 1;
                assertInstanceOf(ReadResult.OutOfRange.class, log.log().read(outside, 1000, Long.MAX_VALUE));
            }
            case 2 -> log.compareAll();
            case 5, 6 -> log.compareCommitted();
            case 3 -> log.compareFrom(offset, random.nextInt(3000), log.log().flushedOffset());
            default -> log.compareFrom(offset, random.nextInt(3000), Long.MAX_VALUE);
        }
    }
}

package io.milena.log.story;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A round of housekeeping. What goes is past its time or below the start, and forced. */
final class RetentionStep implements Step {
    @Override
    public void take(Story story) {
        if (story.random().nextInt(3) == 0) {
            story.clock().advanceMs(60_000);
        }
        story.directory().applyRetention();
        for (StoryLog log : story.logs()) {
            compare(story, log);
        }
    }

    private static void compare(Story story, StoryLog log) {
        long start = log.log().logStartOffset();
        assertTrue(start >= log.model().start(), "the start goes back");
        boolean isDamageGone = log.model().hasDamageIn(log.model().start(), start); // nobody knows how old that was
        CompactionRules rules = new CompactionRules(log.model());
        long oldestMs = story.clock().millis() - log.settings().deleting().retentionMs();
        for (LogModel.Batch batch : log.model().from(log.model().start())) {
            if (log.model().start() < start && batch.baseOffset() < start && !isDamageGone) {
                assertTrue(batch.lastOffset() < log.log().flushedOffset(), () -> "unforced, but deleted: " + batch);
                for (int i = 0; i < batch.entries().size(); i++) {
                    LogModel.Entry entry = batch.entries().get(i);
                    assertTrue(
                            entry.timestampMs() < oldestMs || rules.mayBeGone(batch, i),
                            () -> "too young to go: " + entry);
                }
            }
        }
        log.model().moveStart(start);
    }
}

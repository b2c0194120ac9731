package io.milena.log.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

/** The end of a log is taken away, or all of it, as replication does: never what compaction rests on, which lies below the high watermark. */
final class TruncationStep implements Step {
    @Override
    public void take(Story story) throws IOException {
        StoryLog log = story.anyLog();
        LogModel model = log.model();
        if (story.plague().isFull() || model.isOffline()) {
            return;
        }
        long least = Math.max(model.start(), model.compactedEnd());
        boolean isAnew = story.random().nextInt(10) == 0;
        long offset = isAnew
                ? story.random().nextLong(model.end() + 10)
                : least + story.random().nextLong(Math.max(0, model.end() - least) + 1);
        try {
            if (isAnew) {
                log.log().truncateFullyAndStartAt(offset);
                model.startAnew(offset);
            } else {
                log.log().truncateTo(offset);
                assertTrue(log.log().logEndOffset() <= offset, "it goes on behind " + offset);
                model.truncate(model.hasDamage() ? log.log().logEndOffset() : endOf(model, offset));
            }
            assertEquals(model.end(), log.log().logEndOffset());
        } catch (IOException e) {
            noteFailure(story, log, isAnew, offset);
        }
    }

    /** A batch is taken away as a whole. */
    private static long endOf(LogModel model, long offset) {
        long end = model.from(offset).stream()
                .findFirst()
                .map(batch -> Math.min(offset, batch.baseOffset()))
                .orElse(Math.min(offset, model.end()));
        return Math.max(model.start(), end);
    }

    private static void noteFailure(Story story, StoryLog log, boolean isAnew, long offset) {
        assertTrue(story.plague().hasErrors() || log.model().isOffline(), "it fails without a reason");
        story.noteFailure();
        if (log.model().isOffline()) {
            long end = isAnew ? offset : endOf(log.model(), offset);
            if (log.log().logEndOffset() == log.model().end()) {
                log.model().mayBeTruncated(new LogModel.Truncation(end, isAnew));
            } else if (isAnew) {
                log.model().startAnew(end);
                log.model().goOffline();
            } else {
                log.model().truncate(end);
            }
        }
    }
}

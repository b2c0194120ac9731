package io.milena.log.story;

import java.io.IOException;
import org.junit.jupiter.api.Assertions;

/** Records up to an offset are deleted, durably if the disk lets it be written down. */
final class DeleteRecordsStep implements Step {
    @Override
    public void take(Story story) throws IOException {
        StoryLog log = story.anyLog();
        long flushed = log.log().flushedOffset();
        long start = log.model().start();
        long offset = start + story.random().nextLong(Math.max(0, flushed - start) + 1);
        log.log().deleteRecordsBefore(offset);
        log.model().moveStart(Math.max(start, offset));
        if (story.random().nextBoolean()) {
            new CheckpointStep().take(story);
        }
        Assertions.assertEquals(log.model().start(), log.log().logStartOffset());
    }
}

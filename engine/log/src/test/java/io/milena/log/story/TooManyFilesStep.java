package io.milena.log.story;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.AppendResult;
import io.milena.log.ReadResult;
import java.util.List;

/** For a moment the process may open no more files: what needs one is refused, and no log goes offline for it. */
final class TooManyFilesStep implements Step {
    @Override
    public void take(Story story) {
        story.disk().openFilesMax(1 + story.random().nextInt(2));
        for (StoryLog log : story.logs()) {
            List<LogModel.Entry> entries = AppendStep.entries(story, log);
            AppendResult result =
                    log.log().append(AppendStep.batch(entries).build().buffer(), 0);
            if (result instanceof AppendResult.Refused) {
                story.noteFailure();
            } else {
                AppendStep.note(story, log, result, entries, LogModel.Origin.NOBODY);
            }
            ReadResult read = log.log().read(log.model().start(), 100, Long.MAX_VALUE);
            if (read instanceof ReadResult.Slice slice) {
                slice.release();
            }
            assertTrue(!(read instanceof ReadResult.Damaged) || log.model().hasDamage(), "taken for damage");
        }
        story.disk().openFilesMax(Integer.MAX_VALUE);
    }
}

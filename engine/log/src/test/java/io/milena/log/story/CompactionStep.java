package io.milena.log.story;

/** Every log is compacted that is dirty; whatever of a log that takes place in, nothing else changes. */
final class CompactionStep implements Step {
    @Override
    public void take(Story story) throws InterruptedException {
        if (story.random().nextInt(3) == 0) {
            story.clock().advanceMs(20_000); // tombstones and markers may go
        }
        for (StoryLog log : story.logs()) {
            if (log.isCompacted()) {
                story.flush(log);
                log.model().compact(log.model().end());
            }
        }
        for (int i = 0; i < 3 && story.directory().cleaner().compactDirtiest(); i++) {}
        story.noteFailure();
    }
}

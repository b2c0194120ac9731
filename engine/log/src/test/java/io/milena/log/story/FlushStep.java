package io.milena.log.story;

/** Everything that is appended is forced: from now on it stays, whatever happens. */
final class FlushStep implements Step {
    @Override
    public void take(Story story) throws InterruptedException {
        story.flush(story.anyLog());
    }
}

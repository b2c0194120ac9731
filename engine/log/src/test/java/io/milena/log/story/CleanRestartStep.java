package io.milena.log.story;

import java.io.IOException;

/** The process stops and starts again. */
final class CleanRestartStep implements Step {
    @Override
    public void take(Story story) throws IOException {
        story.restartCleanly();
    }
}

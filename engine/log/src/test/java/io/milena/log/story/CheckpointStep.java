package io.milena.log.story;

import java.io.IOException;
import org.junit.jupiter.api.Assertions;

/** The log start offsets are made durable. */
final class CheckpointStep implements Step {
    @Override
    public void take(Story story) throws IOException {
        try {
            story.directory().checkpointStartOffsets();
            story.logs().forEach(log -> log.model().makeStartDurable());
        } catch (IOException e) {
            boolean isAnyOffline =
                    story.logs().stream().anyMatch(log -> log.log().isOffline());
            Assertions.assertTrue(story.plague().isAny() || isAnyOffline, () -> "no checkpoint: " + e);
        }
    }
}

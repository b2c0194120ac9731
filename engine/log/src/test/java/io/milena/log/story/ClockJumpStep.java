package io.milena.log.story;

import java.util.concurrent.TimeUnit;

/** Somebody sets the clock wrong by a year, housekeeping looks at it, and it is set right again: nothing goes because of that. */
final class ClockJumpStep implements Step {
    @Override
    public void take(Story story) {
        long yearMs = TimeUnit.DAYS.toMillis(365) * (story.random().nextBoolean() ? 1 : -1);
        story.clock().jumpMs(yearMs);
        story.directory().applyRetention();
        story.clock().jumpMs(-yearMs);
        new RetentionStep().take(story);
    }
}

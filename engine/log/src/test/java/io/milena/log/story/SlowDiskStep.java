package io.milena.log.story;

/** From now on every operation takes its time. */
final class SlowDiskStep implements Step {
    @Override
    public void take(Story story) {
        story.plague().slowDown(1 + story.random().nextInt(300));
    }
}

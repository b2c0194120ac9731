package io.milena.log.story;

/** From now on the disk has next to no space left. */
final class FullDiskStep implements Step {
    @Override
    public void take(Story story) {
        story.plague().fill(story.disk(), story.random().nextInt(8) * 3000L);
    }
}

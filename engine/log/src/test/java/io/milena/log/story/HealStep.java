package io.milena.log.story;

/** The disk works again. */
final class HealStep implements Step {
    @Override
    public void take(Story story) {
        story.heal();
    }
}

package io.milena.log.story;

import io.milena.testkit.DiskOperation;
import java.util.EnumSet;
import java.util.Set;

/** From now on some operations fail now and then. */
final class DiskErrorsStep implements Step {
    @Override
    public void take(Story story) {
        Set<DiskOperation> failing = EnumSet.noneOf(DiskOperation.class);
        for (DiskOperation operation : DiskOperation.values()) {
            if (story.random().nextInt(3) == 0) {
                failing.add(operation);
            }
        }
        story.plague().fail(failing, story.random().nextDouble() * 0.7);
    }
}

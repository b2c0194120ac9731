package io.milena.log.story;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which steps a story takes, and how often compared with each other. */
final class Plot {
    private final List<Step> steps = new ArrayList<>();

    Plot add(int weight, Step step) {
        for (int i = 0; i < weight; i++) {
            steps.add(step);
        }
        return this;
    }

    /** Everything that a log is asked to do and a disk does to it. */
    static Plot everything() {
        return new Plot()
                .add(24, new AppendStep())
                .add(8, new IdempotentAppendStep())
                .add(10, new TransactionStep())
                .add(8, new FlushStep())
                .add(8, new ReadStep())
                .add(3, new DeleteRecordsStep())
                .add(3, new RetentionStep())
                .add(2, new CheckpointStep())
                .add(3, new CompactionStep())
                .add(2, new TruncationStep())
                .add(1, new ClockJumpStep())
                .add(2, new CleanRestartStep())
                .add(2, PowerCutStep.KILL)
                .add(3, PowerCutStep.LOSING_SOME)
                .add(1, PowerCutStep.LOSING_ALL_UNFORCED)
                .add(1, new DiskErrorsStep())
                .add(1, new FullDiskStep())
                .add(1, new BitFlipStep())
                .add(1, new SlowDiskStep())
                .add(1, new TooManyFilesStep())
                .add(2, new HealStep());
    }

    Step next(RandomGenerator random) {
        return steps.get(random.nextInt(steps.size()));
    }
}

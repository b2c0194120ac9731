package io.milena.testkit;

/**
 * How a simulation treats time and threads.
 *
 * @param stepNanosMax each step of a thread takes a seeded time up to this, so that a loop which watches the clock comes to an end
 * @param yieldRate probability, 0 to 1, that a disk or network operation lets another thread go first
 * @param timerRate probability, 0 to 1, that the next timer fires although threads could still work: a very slow computer, on which time-outs race
 *     with what they guard
 * @param stepsMax bound of the steps of one run; beyond it the run counts as a livelock
 */
public record SimulationSettings(long stepNanosMax, double yieldRate, double timerRate, long stepsMax) {
    /** Five microseconds a step, every fourth operation yields, timers fire only when all threads wait, ten million steps. */
    public static SimulationSettings standard() {
        return new SimulationSettings(5_000, 0.25, 0, 10_000_000);
    }

    public SimulationSettings withTimerRate(double newTimerRate) {
        return new SimulationSettings(stepNanosMax, yieldRate, newTimerRate, stepsMax);
    }

    public SimulationSettings withYieldRate(double newYieldRate) {
        return new SimulationSettings(stepNanosMax, newYieldRate, timerRate, stepsMax);
    }

    public SimulationSettings withStepsMax(long newStepsMax) {
        return new SimulationSettings(stepNanosMax, yieldRate, timerRate, newStepsMax);
    }
}

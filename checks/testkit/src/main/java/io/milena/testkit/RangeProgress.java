package io.milena.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far the telling of many seeds has come, and what came of it, in words. For one thread. */
final class RangeProgress {
    private final List<Long> seeds;
    private final long startNanos;
    private final List<Long> failed = new ArrayList<>();
    private int told;

    RangeProgress(List<Long> seeds, long startNanos) {
        this.seeds = seeds;
        this.startNanos = startNanos;
    }

    void passed() {
        told++;
    }

    void failed(long seed) {
        told++;
        failed.add(seed);
    }

    /** For somebody who waits. */
    String soFar(long nowNanos) {
        double seconds = Math.max(1, nowNanos - startNanos) / 1e9;
        double rate = told / seconds;
        String rest =
                told == 0 ? "" : ", " + text(Duration.ofSeconds((long) ((seeds.size() - told) / rate))) + " to go";
        return String.format(
                Locale.ROOT,
                "%,d of %,d told, %s, %.1f a second%s",
                told,
                seeds.size(),
                failed.isEmpty() ? "none failed" : failed.size() + " failed",
                rate,
                rest);
    }

    /** @param processor how long the processors have worked for it */
    String summary(long nowNanos, Duration processor) {
        String names = failed.stream().map(String::valueOf).collect(Collectors.joining(", ", " (", ")"));
        return String.format(
                Locale.ROOT,
                "seeds %d to %d: %,d told, %,d passed, %,d failed%s, in %s and %s of processor time",
                seeds.getFirst(),
                seeds.getLast(),
                told,
                told - failed.size(),
                failed.size(),
                failed.isEmpty() ? "" : names,
                text(Duration.ofNanos(nowNanos - startNanos)),
                text(processor));
    }

    private static String text(Duration duration) {
        return duration.toMinutes() < 1
                ? duration.toSeconds() + " s"
                : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
}

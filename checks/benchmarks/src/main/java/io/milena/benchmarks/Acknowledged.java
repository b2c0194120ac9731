package io.milena.benchmarks;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How many records or transactions were acknowledged to several threads, and whether one of them failed: then there is no figure. */
final class Acknowledged {
    private final LongAdder count = new LongAdder();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    void increment() {
        count.increment();
    }

    void fail(Exception cause) {
        failure.compareAndSet(null, cause);
    }

    /** During so many seconds from now. */
    double perSecond(int seconds) throws InterruptedException {
        long before = count.sum();
        Stopwatch stopwatch = Stopwatch.start();
        Thread.sleep(seconds * 1000L);
        double rate = (count.sum() - before) / stopwatch.seconds();
        Exception cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("a producer failed: " + cause.getMessage(), cause);
        }
        return rate;
    }
}

package io.milena.log.disk;

import io.milena.runtime.Threads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does the same to many things, a few at a time. */
public final class SideBySide {
    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);
    /** Fewer are not worth a thread. */
    private static final int SHARE_MIN = 8;

    private SideBySide() {}

    /** What is done to one. */
    @FunctionalInterface
    public interface Action<T> {
        void on(T item) throws IOException;
    }

    /** Ends when all is done; after a failure no more are begun, and the first failure is raised. */
    public static <T> void forEach(List<T> items, Threads threads, Action<T> action) throws IOException {
        int helpers = Math.min(THREADS, items.size() / SHARE_MIN) - 1;
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable work = () -> {
            for (int i = next.getAndIncrement();
                    i < items.size() && failure.get() == null;
                    i = next.getAndIncrement()) {
                try {
                    action.on(items.get(i));
                } catch (IOException | RuntimeException e) {
                    failure.compareAndSet(null, e);
                }
            }
        };
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < helpers; i++) {
            started.add(threads.startBlocking("loader", work));
        }
        work.run();
        join(started);
        raise(failure.get());
    }

    /** Does it to each on a thread of its own, but to the first on the caller's; for few that take long. */
    public static <T> void each(List<T> items, Threads threads, Consumer<T> action) throws IOException {
        List<Thread> started = items.stream()
                .skip(1)
                .map(item -> threads.startBlocking("loader", () -> action.accept(item)))
                .toList();
        items.stream().limit(1).forEach(action);
        join(started);
    }

    private static void join(List<Thread> started) throws IOException {
        try {
            for (Thread thread : started) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void raise(@Nullable Throwable failure) throws IOException {
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }
}

package io.milena.broker.quorum;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A broker's wish to be closed and started anew, with what is written down by then, for whoever hosts it. Safe for use by many threads. */
public final class Restart {
    private final AtomicReference<@Nullable Runnable> host = new AtomicReference<>();

    /** @param action told of the wish, on the thread that has it: it must not wait for the broker */
    public void onWish(Runnable action) {
        host.set(action);
    }

    boolean isPossible() {
        return host.get() != null;
    }

    void wish() {
        Runnable action = host.get();
        if (action != null) {
            action.run();
        }
    }
}

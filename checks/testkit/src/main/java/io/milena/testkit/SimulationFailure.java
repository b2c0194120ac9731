package io.milena.testkit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A simulated run went wrong: its message begins with the seed, its cause, if there is one, is what a simulated thread threw. */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1;

    SimulationFailure(long seed, String what, @Nullable Throwable cause) {
        super("seed " + seed + ": " + what, cause);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

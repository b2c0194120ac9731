package io.milena.runtime;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Everything through which a broker meets the world, but for the disk (a {@code Path}) and the network's real sockets.
 *
 * @param random safe for use by many threads
 */
public record Environment(Clock clock, Threads threads, RandomGenerator random) {
    /** The machine itself. */
    public static Environment system() {
        return new Environment(Clock.system(), Threads.system(), new SecureRandom());
    }
}

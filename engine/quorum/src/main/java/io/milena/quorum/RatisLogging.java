package io.milena.quorum;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Ratis tells much at INFO. Whoever wants to hear it sets the level of {@code org.apache.ratis} first. */
final class RatisLogging {
    /** Held, because loggers that nobody holds forget their level. */
    private static final Logger RATIS = Logger.getLogger("org.apache.ratis");

    private RatisLogging() {}

    static void onlyWarnings() {
        if (RATIS.getLevel() == null) {
            RATIS.setLevel(Level.WARNING);
        }
    }
}

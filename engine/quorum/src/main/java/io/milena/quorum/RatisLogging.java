package io.milena.quorum;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Ratis tells much at INFO, and warns with a stack trace of each change of the members that it refuses, which {@link RatisMembers} makes again. Whoever wants to hear it sets the level of {@code org.apache.ratis} first. */
final class RatisLogging {
    /** Held, because loggers that nobody holds forget their level. */
    private static final Logger RATIS = Logger.getLogger("org.apache.ratis");

    private static final Logger MEMBERS = Logger.getLogger("org.apache.ratis.grpc.server.GrpcAdminProtocolService");

    private RatisLogging() {}

    static void onlyWarnings() {
        if (RATIS.getLevel() == null) {
            RATIS.setLevel(Level.WARNING);
            MEMBERS.setLevel(Level.SEVERE);
        }
    }
}

package io.milena.broker.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The brokers that clients are told of; what it answers may be others the next time. */
public interface Members {
    /** Those that are alive. */
    List<Member> all();

    /** Null for a broker that is not alive. */
    @Nullable
    Member find(int id);

    /** Those that are registered and not alive. */
    default List<Member> fenced() {
        return List.of();
    }

    /** The active controller's node where clients reach it as a broker, or -1. */
    int controllerId();

    /** Controllers, and where clients reach them as such. */
    default List<Member> controllers() {
        return List.of();
    }

    /** The active controller's node, or -1. */
    default int activeController() {
        return controllerId();
    }

    /** A broker, and where clients reach it. */
    record Member(int id, String host, int port, @Nullable String rack) {}
}

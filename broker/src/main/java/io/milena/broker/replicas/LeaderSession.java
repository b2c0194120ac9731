package io.milena.broker.replicas;

import io.milena.replication.FetchPosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a leader remembers of what is fetched from it, so that a request names only what is new since the one before (KIP-227). For one thread.
 *
 * @param <P> tells partitions apart
 */
final class LeaderSession<P> {
    /** As a leader says that it keeps no session, and as a request says that it wants one. */
    private static final int NONE = 0;

    private int id = NONE;
    private int epoch;
    private Map<P, FetchPosition> known = Map.of();

    /** How a request differs from the one before. */
    record Changes<P>(int sessionId, int epoch, Map<P, FetchPosition> named, List<P> forgotten) {
        /** Whether it names all that is wanted, and begins a session. */
        boolean isFull() {
            return epoch == NONE;
        }
    }

    /** How to ask for exactly these. */
    Changes<P> next(Map<P, FetchPosition> wanted) {
        if (id == NONE) {
            return new Changes<>(NONE, NONE, wanted, List.of());
        }
        Map<P, FetchPosition> named = new LinkedHashMap<>();
        wanted.forEach((partition, position) -> {
            if (!position.equals(known.get(partition))) {
                named.put(partition, position);
            }
        });
        List<P> forgotten = known.keySet().stream()
                .filter(partition -> !wanted.containsKey(partition))
                .toList();
        return new Changes<>(id, epoch, named, forgotten);
    }

    /** The leader has answered a request for these, without an error for all of it. */
    void answered(int sessionId, Map<P, FetchPosition> wanted) {
        boolean isFirst = id != sessionId;
        id = sessionId;
        epoch = isFirst || epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        known = sessionId == NONE ? Map.of() : wanted;
    }

    /** The leader remembers nothing, or it is not sure what. */
    void end() {
        id = NONE;
        known = Map.of();
    }
}

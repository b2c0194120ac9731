package io.milena.replication.model;

import java.util.HashMap;
import java.util.Map;

/** Two replicas have the same records below both their high watermarks. */
final class LogsAgreeBelowTheHighWatermark implements Invariant {
    /** By the pair: how far they were compared, and how often their ends had been taken away by then. */
    private final Map<Integer, long[]> compared = new HashMap<>();

    @Override
    public void check(ModelBroker changed, Story story) {
        for (ModelBroker other : story.brokers()) {
            if (other != changed) {
                compare(changed, other);
            }
        }
    }

    private void compare(ModelBroker one, ModelBroker other) {
        int pair = Math.min(one.id, other.id) * 100 + Math.max(one.id, other.id);
        long truncations = (long) one.log.truncations() + other.log.truncations();
        long[] before = compared.getOrDefault(pair, new long[2]);
        long from = Math.max(one.log.startOffset(), other.log.startOffset());
        long until = Math.min(visible(one), visible(other));
        for (long offset = before[1] == truncations ? Math.max(from, before[0]) : from; offset < until; offset++) {
            if (!one.log.at(offset).equals(other.log.at(offset))) {
                throw new Violation(
                        this,
                        "at " + offset + " " + one.id + " has " + one.log.at(offset) + " and " + other.id + " has "
                                + other.log.at(offset));
            }
        }
        compared.put(pair, new long[] {Math.max(from, until), truncations});
    }

    static long visible(ModelBroker broker) {
        return Math.min(broker.state().highWatermark(), broker.log.endOffset());
    }
}

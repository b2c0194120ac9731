package io.milena.metadata.balance;

import java.util.List;

/**
 * One partition that shall be elsewhere, or be led by another of its replicas.
 *
 * @param from its brokers now, the preferred leader first
 * @param to its brokers then
 * @param bytes to be copied; 0 if only the order changes
 */
public record Move(String topic, int partition, List<Integer> from, List<Integer> to, long bytes) {
    /** How many replicas are new where they will be. */
    public int copies() {
        return (int) to.stream().filter(broker -> !from.contains(broker)).count();
    }
}

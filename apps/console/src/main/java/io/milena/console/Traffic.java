package io.milena.console;

import java.util.Map;

/** How much is written to and read from each partition of the cluster, as the {@link Sampler} has last seen it. Any thread may ask. */
final class Traffic {
    private volatile Map<Place, Rate> rates = Map.of();

    /** A partition. */
    record Place(String topic, int partition) {}

    /**
     * What clients write and read in a second.
     *
     * @param bytesIn as they are stored
     * @param bytesOut from whichever replica
     */
    record Rate(double records, double bytesIn, double bytesOut) {
        Rate plus(Rate other) {
            return new Rate(records + other.records, bytesIn + other.bytesIn, bytesOut + other.bytesOut);
        }
    }

    /** These are the rates from now on. */
    void note(Map<Place, Rate> seen) {
        rates = Map.copyOf(seen);
    }

    /** A partition that has been seen only once has none. */
    Map<Place, Rate> rates() {
        return rates;
    }
}

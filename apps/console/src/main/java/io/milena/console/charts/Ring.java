package io.milena.console.charts;

import java.util.Arrays;

/** The last numbers of a fixed distance in time; NaN where there was none. Not for several threads. */
final class Ring {
    private final long stepMs;
    private final float[] values;
    /** The number of the newest place since 1970; -1 while there is none. */
    private long newest = -1;

    Ring(long stepMs, int places) {
        this.stepMs = stepMs;
        this.values = new float[places];
        Arrays.fill(values, Float.NaN);
    }

    /** Of a place that has a number already, the later one counts; what is older than the whole ring is left out. */
    void put(long timeMs, double value) {
        long place = timeMs / stepMs;
        if (newest >= 0 && place <= newest - values.length) {
            return;
        }
        if (newest < 0 || place - newest >= values.length) {
            Arrays.fill(values, Float.NaN);
        } else {
            for (long between = newest + 1; between < place; between++) {
                values[index(between)] = Float.NaN;
            }
        }
        newest = Math.max(newest, place);
        values[index(place)] = (float) value;
    }

    private int index(long place) {
        return (int) (place % values.length);
    }

    /** NaN where there is none. */
    double at(long timeMs) {
        long place = timeMs / stepMs;
        return newest < 0 || place > newest || place <= newest - values.length ? Double.NaN : values[index(place)];
    }

    long stepMs() {
        return stepMs;
    }

    /** How far it reaches back. */
    long spanMs() {
        return stepMs * values.length;
    }
}

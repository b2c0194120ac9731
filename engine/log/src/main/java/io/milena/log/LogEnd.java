package io.milena.log;

import org.jspecify.annotations.Nullable;

/**
 * Where a log ended at some moment.
 *
 * @param segment the active one then; null where there was none
 * @param position how large that was
 * @param truncations how often its end had been taken away by then
 * @param madeFiles how many files had been made by then
 */
record LogEnd(@Nullable Segment segment, int position, long offset, int truncations, int madeFiles) {
    static final LogEnd NOTHING = new LogEnd(null, 0, 0, 0, 0);
}

/**
 * What a search looks for, and whether a record is it. Decisions only: bytes in, yes or no out.
 *
 * <p>A {@link io.milena.console.search.RecordFilter} knows all that must be true of a record. What it can rule out for a whole batch without looking at its records (a text that does not occur among the bytes of the
 * batch, times that are all too early) it rules out by the batch, which is what makes a search as fast as reading.
 *
 * <p>Immutable; any thread may ask. Tested by tables, and against the plain search of a string over random bytes.
 */
@NullMarked
package io.milena.console.search;

import org.jspecify.annotations.NullMarked;

/**
 * What clients of a cluster saw while it was hurt, and whether that can be. A {@link io.milena.compatibility.history.History} is written by many threads while it happens; a
 * {@link io.milena.compatibility.history.HistoryChecker} looks at it afterwards, with what the partitions hold at the end, and finds records that are lost, doubled, out of order, changed or of nobody, and answers that were out
 * of date.
 */
@org.jspecify.annotations.NullMarked
package io.milena.compatibility.history;

/**
 * What to warn of before it hurts: each warning is one class that decides from facts, and knows nothing of where they come from. The mistakes are those that books about Kafka name: lag that grows unseen, one partition that
 * has all the work, records without a key where others have one, too few or too many partitions, retention that is faster than a reader; and certificates that expire.
 *
 * <p>Immutable and free of side effects; tested by tables.
 */
@NullMarked
package io.milena.console.warnings;

import org.jspecify.annotations.NullMarked;

/**
 * Who gets which partitions in a group whose coordinator decides that (KIP-848): values in, values out.
 *
 * <p>Partitions go by the id of their topic. Everything is sorted, so that the same question has the same answer everywhere.
 */
@NullMarked
package io.milena.groups.assignment;

import org.jspecify.annotations.NullMarked;

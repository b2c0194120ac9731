/**
 * What a data directory asks of the operating system and its disk: files that are opened when they are needed ({@link io.milena.log.disk.OpenFiles}), forces and what they cost ({@link
 * io.milena.log.disk.Forces}), the page cache, room and the lack of it ({@link io.milena.log.disk.DiskSpace}, {@link io.milena.log.disk.Shortage}), and small files that are replaced as a whole ({@link
 * io.milena.log.disk.Checkpoint}).
 *
 * <p>Knows no logs, segments or batches. Everything here is safe for use by many threads unless it says otherwise; {@link io.milena.log.disk.ColdReads} has one thread of its own.
 */
@NullMarked
package io.milena.log.disk;

import org.jspecify.annotations.NullMarked;

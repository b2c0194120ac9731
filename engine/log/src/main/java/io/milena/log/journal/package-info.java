/**
 * The journal of a data directory: what somebody waits for is written here, one batch of logs after another in one place, and so is on disk long before the files of the logs are.
 *
 * <pre>
 * data/
 *   .milena-journal-0, -1, ...     JournalFile: of one size, full of zeros when it is made, written from its start to its end, and again when the logs' own files hold all that it has
 *
 *   round    at a multiple of 4,096 bytes, one write and one force
 *     int32 magic | int32 CRC-32C of what follows, up to the padding | int64 generation of the file | int32 number of the round in it
 *     int32 rounds of the generation before | int32 bytes of entries | entries | zeros
 *   entry
 *     int128 topic id | int32 partition | int32 kind | int32 bytes | record batches as they stand in the log
 * </pre>
 *
 * <p>A force of a file that grows makes the file system write its own journal as well; bytes that overwrite others do not, and they lie side by side however many logs they belong to. That is
 * what is won, at the price of writing twice (docs/decisions/0008). Where that price is too high, because a round would be large ({@link Journal#isLarge}), the logs' own files are forced.
 *
 * <p>After a crash the logs are recovered from their own files first. Then the rounds are read in their order, and what a log has lost behind its end is appended again. A clean stop leaves
 * no journal.
 *
 * <p>Threads: rounds are written by one thread at a time, the {@link io.milena.log.Flusher}'s, which knows the logs; nothing here knows them.
 */
@NullMarked
package io.milena.log.journal;

import org.jspecify.annotations.NullMarked;

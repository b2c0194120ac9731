/**
 * Record batches of magic 2, the unit in which records are produced, stored, replicated and fetched, and their compression.
 *
 * <p>Owns the bytes of a batch: reading them in place ({@link io.milena.records.RecordBatch}, and
 * {@link io.milena.records.BatchHeader} where only the first 61 bytes are at hand), walking a buffer of batches
 * ({@link io.milena.records.RecordBatches}), judging what a client sent ({@link io.milena.records.BatchValidation}), building new ones
 * ({@link io.milena.records.RecordBatchBuilder}) and the five {@link io.milena.records.Compression compression} types. The log never re-encodes a
 * batch: it checks the CRC, patches offset and leader epoch in place and writes the same bytes.
 *
 * <p>Threads: none. A batch is a view of a buffer and as safe to share as that buffer; values are immutable.
 *
 * <p>Errors: bytes that are not a batch raise {@link io.milena.records.InvalidRecordsException} and nothing else, whatever they are; its
 * {@link io.milena.records.BatchFault} is the same value that validation answers. No size or count read from a batch decides an
 * allocation unless bytes to match it are there, and decompression stops at a limit.
 *
 * <p>Tested against {@code kafka-clients} both ways (every compression, headers, nulls, control batches), with seeded random batches, and with
 * cut and flipped bytes.
 *
 * <p>Not here: files and sockets, the message formats of magic 0 and 1 (recognised and refused), what control record values and
 * metadata records mean.
 */
@NullMarked
package io.milena.records;

import org.jspecify.annotations.NullMarked;

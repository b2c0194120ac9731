/**
 * One partition on disk, in Kafka's own files, and the data directory that holds many.
 *
 * <pre>
 * data/                                    LogDirectory
 *   .lock  meta.properties  recovery-point-offset-checkpoint  log-start-offset-checkpoint  cleaner-offset-checkpoint  replication-offset-checkpoint
 *   .kafka_cleanshutdown
 *   .milena-spare                          SpareSpace: given up on a disk that is full
 *   .milena-journal-0 ...                  Journal: what was acknowledged and is not in the files of the logs yet
 *   milena-deleted-ID.properties           DeletionNote: a topic in the TopicTrash
 *   orders-1.ID-delete/                    TrashedPartition: a log of it
 *   orders-2.ID-future/                    FutureFolder: a log is on its way here from another directory; its copy
 *   orders-0/                              Log
 *     partition.metadata                   the topic id
 *     leader-epoch-checkpoint              LeaderEpochs
 *     00000000000000000000.log             Segment: record batches, one after another
 *     00000000000000000000.index           offset index: int32 relative offset, int32 position
 *     00000000000000000000.timeindex       time index: int64 timestamp ms, int32 relative offset
 *     00000000000000000000.txnindex        TransactionIndex: the aborted transactions that end here, if there are any
 *     transaction-index-checkpoint         TransactionIndexMark: what is known of these, so that a loss is noticed
 *     00000000000000000042.snapshot        ProducerSnapshot: ProducerStates as of offset 42
 *     00000000000000000000.log.cleaned     CleanedSegment: what compaction is writing
 *     00000000000000000000.swap            SegmentSwap: the segments that it is to replace
 *     milena-truncation                    Truncation: where the log is to end
 *     milena-move                          MoveMarker: this copy counts only if the metadata say that the log is here
 * </pre>
 *
 * <p>Threads: many may append and read; each {@link io.milena.log.Log} has one lock, never held across a force or a wait, which rounds of the journal
 * mostly do without ({@link io.milena.log.Durability}). The {@link io.milena.log.Flusher} has a few
 * threads per directory, which write what somebody waits for to the {@link io.milena.log.journal.Journal}, or force the logs' own files (group commit), and move the flushed offsets. What the journal has they write out to
 * these files in pieces, so that forcing them does not take long ({@link io.milena.log.WriteBehind}). One housekeeping thread applies retention and writes checkpoints. Files are opened when needed and kept in a
 * bounded cache ({@link io.milena.log.disk.OpenFiles}); what is in memory of the indexes of sealed segments is bounded too ({@link io.milena.log.disk.IndexBlocks}).
 *
 * <p>A directory is made with a log's first record. After a clean stop a start reads no more than the headers of the newest 64 KiB or so of each log. After a crash it reads what
 * lies behind the recovery point batch by batch, and cuts the log at the first one that is not whole; what was acknowledged was forced, and lies before the cut, or is in the journal and is
 * appended again ({@link io.milena.log.JournalReplay}). What was forced is
 * never cut: damage there is stepped over, reported, and not served.
 *
 * <p>Compaction reads and writes on threads of the {@link io.milena.log.Cleaner}, beside everybody else; the log is locked only while files are renamed. What stays is decided by
 * {@link io.milena.log.Survivors}.
 *
 * <p>Old data is brought from the disk into the page cache by one thread of low priority ({@link io.milena.log.disk.ColdReads}) before anybody looks at it, so that its readers hold no carrier
 * thread and no lock while they wait for the disk, and forces go first. It is compared with its checksums and sent in small pieces, before each of which others may have the processor.
 *
 * <p>Errors: a failed write or force takes the directory offline for good; it is never tried again as if it had not happened. A full disk and too many open files refuse and harm
 * nothing ({@link io.milena.log.LogHealth}).
 *
 * <p>A broker may have several such directories ({@link io.milena.log.LogDirectories}); each fails alone, and takes its logs offline with it. A log
 * moves from one to another while it lives ({@link io.milena.log.LogMove}); moves go on after a restart ({@link io.milena.log.LogMoves}).
 *
 * <p>Replication takes the end of a log away ({@link io.milena.log.Truncatable}): durably, and as a whole, whatever else is under way.
 *
 * <p>Not here: replication's high watermark.
 */
@NullMarked
package io.milena.log;

import org.jspecify.annotations.NullMarked;

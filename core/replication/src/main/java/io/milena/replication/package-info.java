/**
 * One partition on many brokers: what the leader and the followers of it decide, for one broker's replica.
 *
 * <p><b>Owns</b> who is in sync, what is committed, when {@code acks=all} is kept, who may read up to where, and how a follower becomes like its leader again. It follows Apache Kafka's {@code Partition},
 * {@code PartitionState} and {@code AbstractFetcherThread} (KIP-101, KIP-207, KIP-279, KIP-320, KIP-392, KIP-497, KIP-595, KIP-841, KIP-903, KIP-966), and says where it does not.
 *
 * <p><b>Shape.</b> {@link io.milena.replication.Replication#handle} is a pure function: {@link io.milena.replication.ReplicaState}, {@link io.milena.replication.Command} and {@link
 * io.milena.replication.Circumstances} (the time, the settings, the log, the brokers) in, {@link io.milena.replication.Step} out: the next state, {@link io.milena.replication.Effect}s and an {@link
 * io.milena.replication.Answer}.
 *
 * <pre>
 *                          Assign: it leads
 *              .------------------------------------------.
 *              |                                          v
 *          Detached ---- Assign: another leads ----&gt; +----------+  Assign   +----------+
 *              ^                                     | Follower | &lt;-------&gt; |  Leader  |
 *              '------ Assign: not a replica ------- +----------+           +----------+
 *                                                         |     LogFailed        |
 *                                                         '------&gt; Offline &lt;-----'
 *
 *   the follower's phases                                   what the leader has proposed
 *
 *           FetchAnswered(Batches, Nothing)                           Propose
 *              .--.                                         None --------------------&gt; InFlight --. Unanswered: the same again
 *              |  v   out of range                           ^ ^  Accepted, INELIGIBLE  |  | ^    |
 *          Fetching -----------&gt; AskingOffsets               | '------------------------'  | '----'
 *            |  ^ ^ \                  |                     |                             |
 *   diverging|  | |  \ an error        | OffsetsAnswered     | the time of a message       | INELIGIBLE after an attempt without answer
 *            |  | |   v                v                     '-------- InDoubt &lt;-----------'
 *            |  | '- BackingOff    Truncating                                              | the controller knows more
 *            '--|-------------------^  |                      Assign: None &lt;--- Outdated &lt;-'
 *               '----------------------'  Truncated
 *          fenced, or no leader: AwaitingAssignment, until the next Assign
 *
 *   messages   follower  -- Fetch(epoch, forced end, epoch of its last record) --&gt;  leader     (Serve)
 *              follower  &lt;-- batches, high watermark | diverging epoch | error ---  leader     (FetchAnswered)
 *                                              controller  &lt;-- AlterPartition ----  leader     (Propose)
 *              all       &lt;-- partition records  controller  --- its outcome -----&gt;  leader     (Assign, ProposalAnswered)
 * </pre>
 *
 * <p><b>What is committed.</b> A replica reports only what it has forced: a follower fetches its own next offset only when everything below is on its disk, and the leader counts its own forced end. The
 * high watermark is the lowest of these among all that the controller may elect: the in-sync replicas that the leader knows, and those that it has proposed or may have proposed ({@link
 * io.milena.replication.IsrChange}). It stands still while fewer are in sync than {@code min.insync.replicas}: that is all that a leader has to know of eligible leader replicas; who they are, and whom to
 * elect, is the controller's matter.
 *
 * <p><b>Key types:</b> {@code Leader} and {@code Follower} are states; {@code AssignHandler} makes the moves between them; {@code HighWatermark}, {@code IsrHandler}, {@code ServeHandler} decide for the leader,
 * {@code FetchAnswerHandler} and {@code TruncationHandler} for the follower; {@code FetchCheck}, {@code ConsumerFetch} and {@code PreferredReplica} are questions that change nothing.
 *
 * <p><b>Threads:</b> none. States are immutable: one lock of the host's for those who change, none for those who read.
 *
 * <p><b>Tested by</b> tables of commands, by the stories of KIP-101, KIP-279 and KIP-966 as plain-text scripts, and by a seeded simulation of three to five brokers with an invariant in each class, each of
 * which convicts machines that lack one rule.
 *
 * <p><b>Not here:</b> the log, its epochs and its truncation ({@code engine/log}); fetchers, AlterPartition and waiting ({@code broker}); elections, ELR, reassignments ({@code core/metadata}).
 */
@NullMarked
package io.milena.replication;

import org.jspecify.annotations.NullMarked;

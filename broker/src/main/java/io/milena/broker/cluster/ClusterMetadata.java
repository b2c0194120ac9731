package io.milena.broker.cluster;

import io.milena.broker.partitions.Partitions;
import io.milena.broker.partitions.ReplicaHost;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.LogMove;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Decision;
import io.milena.metadata.MetadataRecords;
import io.milena.metadata.Outcome;
import io.milena.metadata.RecordTransactions;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.quorum.Leadership;
import io.milena.quorum.LocalMetadataLog;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.NotAppendedException;
import io.milena.quorum.NotLeadingException;
import io.milena.quorum.Peer;
import io.milena.quorum.UncertainAppendException;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The metadata as this node knows them, and the host of the controller where that is here: it decides one command at a time, makes it durable, and hears of it as all nodes do. What is heard is
 * replayed, and logs are brought in line with it. Readers take {@link #image()} without a lock.
 */
public final class ClusterMetadata implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ClusterMetadata.class.getName());
    private static final int CHANGES_MAX = 10_000;
    private static final int NO_EPOCH = -1;
    /** Held while something is decided. */
    private final ReentrantLock lock = new ReentrantLock();
    /** Held while logs are brought in line; taken after the other one, if both are. */
    private final ReentrantLock following = new ReentrantLock();

    private final int localId;
    private final MetadataLog metadataLog;
    private final RecordTransactions transactions = new RecordTransactions();
    private final DecisionLog decisions;
    private final HostedLogs logs;
    private final ImageSnapshots snapshots;
    private final SettingHistory settingHistory = new SettingHistory();
    private final Signal changed = new Signal();
    private final List<DeletionListener> deletionListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Leadership>> leadershipListeners = new CopyOnWriteArrayList<>();
    private final Queue<ClusterImage.Topic> deleted = new ConcurrentLinkedQueue<>();
    private volatile ClusterImage image = ClusterImage.EMPTY;
    private volatile @Nullable IOException failure;
    private volatile long heardEndOffset;
    private volatile boolean isOpen;
    private volatile boolean isServing;
    /** In which this node decides, while it is the leader's. */
    private volatile int begunEpoch = NO_EPOCH;

    /** Hears of topics that are gone. */
    @FunctionalInterface
    public interface DeletionListener {
        void topicDeleted(ClusterImage.Topic topic);
    }

    /** Opens the metadata log for who hears of it. */
    @FunctionalInterface
    public interface Opener {
        MetadataLog open(MetadataLog.Listener listener) throws IOException;
    }

    private ClusterMetadata(Opener opener, HostedLogs logs, ReplicaHost host) throws IOException {
        this.localId = host.localId();
        this.logs = logs;
        this.metadataLog = opener.open(new Hearing());
        this.decisions = new DecisionLog(metadataLog, transactions);
        this.snapshots = new ImageSnapshots(metadataLog, host.environment().threads());
        this.isOpen = true;
    }

    /** Of a node that is alone: reads the metadata log and starts to serve the partitions that it names. */
    public static ClusterMetadata open(
            LogDirectories directories, Partitions partitions, TopicLogSettings logSettings, ReplicaHost host)
            throws IOException {
        Path path = directories.metadataDirectory().path();
        ClusterMetadata metadata = new ClusterMetadata(
                listener -> LocalMetadataLog.open(
                        path, host.environment().clock(), new Peer(host.localId(), "localhost", 0), listener),
                new HostedLogs(directories, partitions, logSettings, host),
                host);
        metadata.serve();
        metadata.begin(image -> {});
        metadata.noteHomes();
        return metadata;
    }

    /** Of a node among others, which hears of the metadata through a log that is opened here; it is to {@link #serve} when it has heard enough. */
    public static ClusterMetadata open(
            Opener opener,
            LogDirectories directories,
            Partitions partitions,
            TopicLogSettings logSettings,
            ReplicaHost host)
            throws IOException {
        return new ClusterMetadata(opener, new HostedLogs(directories, partitions, logSettings, host), host);
    }

    /**
     * Begins to serve the partitions that the metadata name, and deletes logs that belong to no topic. A node among others must have heard of its own registration before: metadata that are older may know
     * of no topic that its logs are of, and give its replicas parts that they have no longer.
     */
    public void serve() throws IOException {
        following.lock();
        try {
            logs.serveAll(image);
            isServing = true;
        } finally {
            following.unlock();
        }
    }

    /**
     * This node leads and begins to decide: nobody does before the cluster has its features and the action, which is given the metadata, has run.
     *
     * @throws NotControllerException if it does not lead any more
     */
    public void begin(Consumer<ClusterImage> action) throws IOException {
        lock.lock();
        try {
            Leadership leadership = leadership();
            if (!isElected()) {
                throw new NotControllerException();
            }
            if (image.features().isEmpty()) {
                append(image, Features.records(image, logs.minInsyncReplicas()), leadership.epoch());
            }
            action.accept(image);
            begunEpoch = leadership.epoch();
        } catch (NotLeadingException e) {
            throw new NotControllerException();
        } finally {
            lock.unlock();
        }
        changed.raise();
    }

    /** Of partitions that were moved while nobody ran, and those that are older than the notion of a home. */
    private void noteHomes() throws IOException {
        int epoch = metadataLog.epoch();
        List<Message> changes = logs.homeChanges(image);
        for (int i = 0; i < changes.size(); i += CHANGES_MAX) {
            append(image, changes.subList(i, Math.min(i + CHANGES_MAX, changes.size())), epoch);
        }
    }

    public ClusterImage image() {
        return image;
    }

    public SettingHistory settingHistory() {
        return settingHistory;
    }

    /** The offset of the metadata that is in force. */
    public long offset() {
        return heardEndOffset - 1;
    }

    public int localId() {
        return localId;
    }

    /** Who decides now. */
    public Leadership leadership() {
        return metadataLog.leadership();
    }

    /** Whether this node is to decide, and may {@link #begin}. */
    public boolean isElected() {
        return leadership().isBy(localId) && !isUncertain();
    }

    /** Whether this node decides. */
    public boolean isLeading() {
        return isElected() && leadership().epoch() == begunEpoch;
    }

    /** Whether nobody may decide in this epoch any more, though this node leads. */
    public boolean isUncertain() {
        return decisions.isUncertain(leadership());
    }

    /** Asks for another epoch, if this is one in which this node may not decide any more. */
    public void resignIfUncertain() {
        decisions.resign(leadership().epoch());
    }

    /** Who agrees on the metadata, and changes of that. */
    public MetadataLog log() {
        return metadataLog;
    }

    /** Raised when the metadata have changed, or who leads them. */
    public Signal changed() {
        return changed;
    }

    public void onDeletion(DeletionListener listener) {
        deletionListeners.add(listener);
    }

    /** The listener hears of everybody who leads from now on, when {@link #leadership()} says so too. */
    public void onLeadership(Consumer<Leadership> listener) {
        leadershipListeners.add(listener);
    }

    /** Begins to move a partition to a data directory; one that does not exist yet will be created there. */
    public ErrorCode place(String topic, int partition, LogDirectory directory) {
        following.lock();
        try {
            return logs.place(topic, partition, directory);
        } finally {
            following.unlock();
        }
    }

    /** The end of a move: the partition is where these metadata say. False if there is nothing to be moved any more, or it could not be noted. */
    public boolean finish(LogMove move) throws IOException, InterruptedException {
        lock.lock();
        try {
            return image.topic(move.log().topicId()) != null && move.finish(() -> isNoted(move));
        } finally {
            lock.unlock();
        }
    }

    private boolean isNoted(LogMove move) throws IOException {
        try {
            append(image, HostedLogs.homeChange(move.log(), move.target()), metadataLog.epoch());
            return true;
        } catch (NotAppendedException e) {
            LOG.log(Level.ERROR, "The end of a move cannot be noted: {0}", e.getMessage());
            return false;
        }
    }

    /** The end of a move that the metadata know of already: what follows from other news waits meanwhile. False if there is nothing to be moved any more. */
    public boolean carryOut(LogMove move) throws IOException, InterruptedException {
        following.lock();
        try {
            return image.topic(move.log().topicId()) != null && move.finish(() -> true);
        } finally {
            following.unlock();
        }
    }

    /** Decides on the current image and, unless refused, makes it so before it returns. */
    public Decision decide(Function<ClusterImage, Decision> command) {
        try {
            return change((now, offset) -> {
                Decision decision = command.apply(now);
                return new Outcome<>(decision.isRefused() ? List.of() : decision.records(), decision);
            });
        } catch (NotControllerException e) {
            return new Decision(List.of(), ErrorCode.NOT_CONTROLLER, e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.ERROR, "Changing the cluster's metadata failed", e);
            return new Decision(List.of(), ErrorCode.KAFKA_STORAGE_ERROR, "it could not be stored: " + e.getMessage());
        }
    }

    /**
     * As {@link #decide}, for requests with an answer of their own; the command also learns which offset its first record will have.
     *
     * @throws NotControllerException if this node does not decide, or nobody knows any more whether it does: the change may have been made then
     */
    public <A> A change(BiFunction<ClusterImage, Long, Outcome<A>> command) throws IOException {
        lock.lock();
        try {
            Leadership leadership = leadership();
            if (!isLeading()) {
                throw new NotControllerException();
            }
            ClusterImage now = image;
            Outcome<A> outcome = command.apply(now, metadataLog.endOffset());
            if (!outcome.records().isEmpty()) {
                append(now, prepared(now, outcome.records()), leadership.epoch());
            }
            return outcome.answer();
        } catch (NotLeadingException
                | UncertainAppendException e) { // after the latter it decides no more in this epoch
            throw new NotControllerException();
        } finally {
            lock.unlock();
            tellDeletions();
        }
    }

    private List<Message> prepared(ClusterImage now, List<Message> records) throws IOException {
        following.lock();
        try {
            logs.announceDeletions(now, records);
            return logs.placed(now, records);
        } finally {
            following.unlock();
        }
    }

    private void append(ClusterImage now, List<Message> records, int epoch) throws IOException {
        now.replay(records); // what cannot be replayed must not be there; image may be a successor's by now
        failure = null;
        decisions.append(records, epoch);
        IOException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private void tellDeletions() {
        for (ClusterImage.Topic topic = deleted.poll(); topic != null; topic = deleted.poll()) {
            for (DeletionListener listener : deletionListeners) {
                listener.topicDeleted(topic);
            }
        }
    }

    /** What the log tells, on the thread of whoever appends or on one of its own. */
    private final class Hearing implements MetadataLog.Listener {
        @Override
        public void snapshot(long endOffset, int epoch, List<ByteBuffer> records) {
            transactions.reset();
            settingHistory.begin();
            follow(ClusterImage.EMPTY.replay(MetadataRecords.decode(records)), epoch, endOffset);
        }

        @Override
        public void committed(long baseOffset, int epoch, long timeMs, List<ByteBuffer> records) {
            List<Message> messages = transactions.heard(MetadataRecords.decode(records));
            if (transactions.isOpen()) {
                return;
            }
            long endOffset = baseOffset + records.size();
            settingHistory.hear(image, endOffset - messages.size(), timeMs, messages);
            follow(image.replay(messages), epoch, endOffset);
            if (isOpen) {
                snapshots.takeIfDue(image, endOffset, lock.isHeldByCurrentThread());
            }
            if (!lock.isHeldByCurrentThread()) {
                tellDeletions();
            }
        }

        @Override
        public void leadership(Leadership leadership) {
            leadershipListeners.forEach(listener -> listener.accept(leadership));
            changed.raise();
        }
    }

    /** Takes over an image, and brings the logs in line. */
    private void follow(ClusterImage next, int epoch, long endOffset) {
        following.lock();
        try {
            ClusterImage before = image;
            image = next;
            if (isServing) {
                HostedLogs.Notes notes = lock.isHeldByCurrentThread() ? HostedLogs.Notes.WRITTEN : HostedLogs.Notes.DUE;
                deleted.addAll(logs.follow(before, next, notes));
                logs.heard(epoch);
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "Bringing logs in line with the metadata failed", e);
            failure = e;
        } finally {
            heardEndOffset = endOffset; // who waits for that finds the logs in line, too
            following.unlock();
        }
        changed.raise();
    }

    @Override
    public void close() throws IOException {
        metadataLog.close();
    }
}

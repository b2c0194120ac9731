package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The deleted topics of a data directory that can still be restored: a {@link DeletionNote} each, and the partitions' directories under another name. Safe for use by many threads.
 *
 * <p>What a crash leaves is told apart by the note and by the metadata, which are the truth. Deleting: note, metadata, renames. Restoring: metadata, renames, checkpoints, and the
 * note goes last. Emptying: the note goes first. So a note of a topic that the metadata have is a restoration to be finished (or a deletion that did not happen), a note of any other
 * topic is that of a deletion to be finished, and a directory without a note is rubbish.
 */
public final class TopicTrash {
    private static final System.Logger LOG = System.getLogger(TopicTrash.class.getName());

    private final Path path;
    private final Clock clock;
    private final Trash trash;
    private final long retentionMs;
    private final ReentrantLock lock = new ReentrantLock();
    /** Touched with the lock only. */
    private final Map<UUID, TrashedTopic> items = new TreeMap<>();

    TopicTrash(Path path, Clock clock, Trash trash, long retentionMs) {
        this.path = path;
        this.clock = clock;
        this.trash = trash;
        this.retentionMs = retentionMs;
    }

    /**
     * A topic that can be restored.
     *
     * @param goesAtMs from when on it is really deleted
     * @param held the partitions that were here, be they empty or not
     */
    public record Entry(DeletedTopic topic, long sizeInBytes, long goesAtMs, Set<Integer> held) {
        public Entry {
            held = Collections.unmodifiableSet(new TreeSet<>(held));
        }

        /** With what another directory has of the same topic. */
        Entry and(Entry other) {
            return new Entry(
                    DeletedTopic.earlier(topic, other.topic),
                    sizeInBytes + other.sizeInBytes,
                    Math.min(goesAtMs, other.goesAtMs),
                    Stream.concat(held.stream(), other.held.stream()).collect(Collectors.toSet()));
        }
    }

    /** Reads what an earlier process has left. Nothing of it goes before {@link #settle}. */
    void load(Collection<Path> entries) {
        Map<UUID, TrashedTopic> found = new TreeMap<>();
        for (Path entry : entries) {
            UUID topicId = DeletionNote.topicId(entry);
            if (topicId != null) {
                found.put(topicId, TrashedTopic.read(entry));
            }
        }
        for (Path entry : entries) {
            if (entry.getFileName().toString().endsWith(Trash.DIRECTORY_ENDING) && Files.isDirectory(entry)) {
                TrashedPartition partition = TrashedPartition.of(entry);
                TrashedTopic item = partition == null ? null : found.get(partition.topicId());
                if (partition == null || item == null) {
                    trash.addDirectory(entry, 0);
                } else {
                    found.put(partition.topicId(), item.with(List.of(partition)));
                }
            }
        }
        lock.lock();
        try {
            items.putAll(found);
        } finally {
            lock.unlock();
        }
    }

    /** What the note of a deletion says of a log, if there is one. */
    DeletionNote.@Nullable Offsets offsets(LogIdentity log) {
        lock.lock();
        try {
            TrashedTopic item = items.get(log.topicId());
            return item == null || item.note() == null
                    ? null
                    : item.note().logs().get(log.partition());
        } finally {
            lock.unlock();
        }
    }

    /** All topics that are alive have been taken out: the rest can be listed, restored and emptied. */
    public void settle() {
        lock.lock();
        try {
            items.replaceAll((id, item) ->
                    item.state() == TrashedTopic.State.MOVING ? item.with(TrashedTopic.State.RESTING) : item);
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is something of this topic, be it alive or not. */
    public boolean holds(UUID topicId) {
        lock.lock();
        try {
            return items.containsKey(topicId);
        } finally {
            lock.unlock();
        }
    }

    /** Whether there are files of this partition. */
    boolean holds(UUID topicId, int partition) {
        return partitions(topicId).stream().anyMatch(each -> each.partition() == partition);
    }

    /** Writes down what a restoration needs, durably; to be called before the metadata lose the topic. */
    public void announce(DeletedTopic topic, Collection<Log> logs) throws IOException {
        if (retentionMs == 0) {
            return;
        }
        DeletionNote earlier = note(topic.id());
        DeletionNote note = new DeletionNote(topic, earlier == null ? Map.of() : earlier.logs())
                .with(logs, DeletionNote.Offsets::durable);
        note.write(path);
        lock.lock();
        try {
            TrashedTopic item = items.getOrDefault(topic.id(), TrashedTopic.announced(note));
            items.put(topic.id(), item.with(note));
        } finally {
            lock.unlock();
        }
    }

    /** Renames the directories of a topic's logs, which are out of use and all there are of it. */
    void take(UUID topicId, List<Log> logs) throws IOException {
        boolean isNoted = completeNote(topicId, logs);
        List<TrashedPartition> renamed = new ArrayList<>();
        try {
            for (Log log : logs) {
                Path directory = log.identity().directory();
                if (Files.exists(directory)) {
                    TrashedPartition trashed = TrashedPartition.of(log.identity());
                    Files.move(directory, trashed.directory(), StandardCopyOption.ATOMIC_MOVE);
                    renamed.add(trashed);
                    if (!isNoted) {
                        trash.addDirectory(trashed.directory(), log.settings().fileDeleteDelayMs());
                    }
                }
            }
            if (!renamed.isEmpty()) {
                Checkpoint.forceDirectory(path); // or the logs come back with a power cut
            }
        } catch (IOException e) {
            stick(topicId);
            throw e;
        }
        if (isNoted) {
            putToRest(topicId, renamed);
        }
    }

    /** The logs may have lost old records since the announcement; answers whether there was one. */
    private boolean completeNote(UUID topicId, List<Log> logs) throws IOException {
        DeletionNote announced = note(topicId);
        if (announced != null) {
            DeletionNote complete = announced.with(logs, DeletionNote.Offsets::of);
            if (!complete.hasSameStarts(announced)) {
                complete.write(path);
                replace(topicId, complete);
            }
        }
        return announced != null;
    }

    /** What is known of a topic, in whatever state it is; null if nothing. */
    @Nullable
    DeletedTopic topic(UUID topicId) {
        DeletionNote note = note(topicId);
        return note == null ? null : note.topic();
    }

    private @Nullable DeletionNote note(UUID topicId) {
        lock.lock();
        try {
            TrashedTopic item = items.get(topicId);
            return item == null ? null : item.note();
        } finally {
            lock.unlock();
        }
    }

    private void replace(UUID topicId, DeletionNote note) {
        lock.lock();
        try {
            items.computeIfPresent(topicId, (id, item) -> item.with(note));
        } finally {
            lock.unlock();
        }
    }

    private void putToRest(UUID topicId, List<TrashedPartition> renamed) {
        lock.lock();
        try {
            items.computeIfPresent(topicId, (id, item) -> {
                TrashedTopic all = item.with(renamed);
                return item.state() == TrashedTopic.State.MOVING ? all.with(TrashedTopic.State.RESTING) : all;
            });
        } finally {
            lock.unlock();
        }
    }

    private boolean move(UUID topicId, TrashedTopic.State from, TrashedTopic.State to) {
        lock.lock();
        try {
            TrashedTopic item = items.get(topicId);
            if (item == null || item.state() != from) {
                return false;
            }
            items.put(topicId, item.with(to));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The topics that can be restored, the longest deleted first. */
    public List<Entry> topics() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (TrashedTopic item : all(TrashedTopic::isOffered)) {
            if (item.note() != null) {
                entries.add(
                        new Entry(item.note().topic(), item.sizeInBytes(), item.goesAtMs(retentionMs), item.held()));
            }
        }
        return entries;
    }

    /** As {@link #topics}, without their sizes. */
    public List<DeletedTopic> deletedTopics() {
        return all(TrashedTopic::isOffered).stream()
                .flatMap(item -> Stream.ofNullable(item.note()))
                .map(DeletionNote::topic)
                .toList();
    }

    private List<TrashedTopic> resting() {
        return all(item -> item.state() == TrashedTopic.State.RESTING);
    }

    private List<TrashedTopic> all(Predicate<TrashedTopic> wanted) {
        lock.lock();
        try {
            return items.values().stream()
                    .filter(wanted)
                    .sorted(Comparator.comparingLong(TrashedTopic::deletedAtMs))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Takes hold of a topic that shall be restored, so that it is not emptied meanwhile; false if it is not there or somebody else has. */
    public boolean claim(UUID topicId) {
        return move(topicId, TrashedTopic.State.RESTING, TrashedTopic.State.CLAIMED);
    }

    /** The topic that was claimed is not restored. */
    public void release(UUID topicId) {
        move(topicId, TrashedTopic.State.CLAIMED, TrashedTopic.State.RESTING);
    }

    /** Renames the directories of a topic back; {@link #forget} must follow when all that the note says has become durable elsewhere. */
    List<LogIdentity> giveBack(UUID topicId, String name) throws IOException {
        if (!move(topicId, TrashedTopic.State.CLAIMED, TrashedTopic.State.MOVING)) {
            move(topicId, TrashedTopic.State.RESTING, TrashedTopic.State.MOVING);
        }
        List<LogIdentity> logs = new ArrayList<>();
        for (TrashedPartition trashed : partitions(topicId)) {
            LogIdentity log = LogIdentity.of(path, name, trashed.partition(), topicId);
            Files.move(trashed.directory(), log.directory(), StandardCopyOption.ATOMIC_MOVE);
            logs.add(log);
        }
        Checkpoint.forceDirectory(path);
        return logs;
    }

    /** A restoration has failed half way. */
    void stick(UUID topicId) {
        lock.lock();
        try {
            items.computeIfPresent(topicId, (id, item) -> item.with(TrashedTopic.State.STUCK));
        } finally {
            lock.unlock();
        }
    }

    private List<TrashedPartition> partitions(UUID topicId) {
        lock.lock();
        try {
            TrashedTopic item = items.get(topicId);
            return item == null ? List.of() : item.partitions();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a restoration. */
    void forget(UUID topicId) throws IOException {
        DeletionNote.delete(path, topicId);
        lock.lock();
        try {
            items.remove(topicId);
        } finally {
            lock.unlock();
        }
    }

    /** Deletes the topics whose time is over. */
    void emptyExpired() {
        long nowMs = clock.millis();
        for (TrashedTopic item : resting()) {
            if (item.note() != null && item.goesAtMs(retentionMs) <= nowMs) {
                empty(item.note());
            }
        }
    }

    /** Really deletes the topic that has been here for the longest time, as a whole; false if there is none. For when the disk is short of space. */
    public boolean emptyOldest() {
        for (TrashedTopic item : resting()) {
            if (item.note() != null && empty(item.note())) {
                return true;
            }
        }
        return false;
    }

    private boolean empty(DeletionNote note) {
        DeletedTopic topic = note.topic();
        if (!move(topic.id(), TrashedTopic.State.RESTING, TrashedTopic.State.MOVING)) {
            return false; // somebody restores it
        }
        List<TrashedPartition> partitions = partitions(topic.id());
        try {
            forget(topic.id()); // first: what is half deleted must not be restored
        } catch (IOException e) {
            LOG.log(Level.ERROR, "The deleted topic " + topic.name() + " cannot be emptied; it is tried again", e);
            move(topic.id(), TrashedTopic.State.MOVING, TrashedTopic.State.RESTING);
            return false;
        }
        partitions.forEach(partition -> trash.deleteNow(partition.directory()));
        LOG.log(Level.INFO, "The deleted topic {0} can no longer be restored", topic.name());
        return true;
    }
}

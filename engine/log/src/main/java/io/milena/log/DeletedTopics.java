package io.milena.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The deleted topics of all data directories that can still be restored. Each directory that partitions of a topic were assigned to has a note of it in its {@link TopicTrash}, which names
 * the others; a topic is offered only as a whole. Safe for use by many threads.
 */
public final class DeletedTopics {
    private final List<LogDirectory> directories;
    private final ReentrantLock lock = new ReentrantLock();
    /** The epochs of the controllers that want to restore a topic, by its id. Touched with the lock only. */
    private final Map<UUID, Integer> claims = new TreeMap<>();

    DeletedTopics(List<LogDirectory> directories) {
        this.directories = directories;
    }

    private Stream<LogDirectory> online() {
        return directories.stream().filter(directory -> !directory.isOffline());
    }

    private List<TopicTrash> holders(UUID topicId) {
        return online().map(LogDirectory::topicTrash)
                .filter(trash -> trash.holds(topicId))
                .toList();
    }

    /**
     * All topics that are alive have been taken out: the rest can be listed, restored and emptied. A directory that was not there at a deletion hears of it now.
     */
    public void settle() {
        online().forEach(directory -> directory.topicTrash().settle());
        for (DeletedTopic topic : merged().values()) {
            for (LogDirectory directory : online().toList()) {
                if (topic.directories().contains(directory.id())
                        && !directory.topicTrash().holds(topic.id())) {
                    announceLate(topic, directory);
                }
            }
        }
    }

    private static void announceLate(DeletedTopic topic, LogDirectory directory) {
        try {
            directory.topicTrash().announce(topic, List.of());
            directory.topicTrash().settle();
        } catch (IOException e) {
            directory.failed("writing down the deletion of " + topic.name(), e);
        }
    }

    /** Whether there is something of this topic, be it alive or not. */
    public boolean holds(UUID topicId) {
        return !holders(topicId).isEmpty();
    }

    /** Writes down what a restoration needs, durably; to be called before the metadata lose the topic. */
    public void announce(DeletedTopic topic, Collection<Log> logs) throws IOException {
        for (LogDirectory directory : homes(topic)) {
            directory.topicTrash().announce(topic, in(directory, logs));
        }
    }

    /** As {@link #announce}, when the metadata have lost the topic: a directory that cannot write it down goes offline with all that it holds, and its next start finds the logs. */
    public void note(DeletedTopic topic, Collection<Log> logs) {
        for (LogDirectory directory : homes(topic)) {
            try {
                directory.topicTrash().announce(topic, in(directory, logs));
            } catch (IOException e) {
                directory.failed("writing down the deletion of " + topic.name(), e);
            }
        }
    }

    /** Where the metadata do not say, the first. */
    private List<LogDirectory> homes(DeletedTopic topic) {
        List<LogDirectory> homes = online().filter(
                        directory -> topic.directories().contains(directory.id()))
                .toList();
        return homes.isEmpty() ? List.of(directories.getFirst()) : homes;
    }

    private static List<Log> in(LogDirectory directory, Collection<Log> logs) {
        return logs.stream()
                .filter(log -> log.equals(directory.log(log.topic(), log.partition())))
                .toList();
    }

    /** As {@link #announce}, of logs that are found without their topic: where another directory knows of its deletion, it was that one. */
    public void announceStrays(DeletedTopic topic, Collection<Log> logs) throws IOException {
        DeletedTopic known = holders(topic.id()).stream()
                .flatMap(trash -> Stream.ofNullable(trash.topic(topic.id())))
                .findFirst()
                .orElse(topic);
        for (LogDirectory directory : online().toList()) {
            List<Log> here = in(directory, logs);
            if (!here.isEmpty() && !directory.topicTrash().holds(topic.id())) {
                directory.topicTrash().announce(known, here);
            }
        }
    }

    /** The topics that can be restored, the longest deleted first. */
    public List<TopicTrash.Entry> topics() throws IOException {
        Map<UUID, TopicTrash.Entry> merged = new TreeMap<>();
        for (LogDirectory directory : online().toList()) {
            for (TopicTrash.Entry entry : directory.topicTrash().topics()) {
                merged.merge(entry.topic().id(), entry, TopicTrash.Entry::and);
            }
        }
        return merged.values().stream()
                .filter(entry -> isWhole(entry.topic()))
                .sorted(Comparator.comparingLong(entry -> entry.topic().deletedAtMs()))
                .toList();
    }

    /** As {@link #topics}, without their sizes. */
    public List<DeletedTopic> deletedTopics() {
        return merged().values().stream()
                .filter(this::isWhole)
                .sorted(Comparator.comparingLong(DeletedTopic::deletedAtMs))
                .toList();
    }

    private Map<UUID, DeletedTopic> merged() {
        Map<UUID, DeletedTopic> merged = new TreeMap<>();
        online().forEach(directory -> directory
                .topicTrash()
                .deletedTopics()
                .forEach(topic -> merged.merge(topic.id(), topic, DeletedTopic::earlier)));
        return merged;
    }

    /** Whether no part of it is in a directory that is not there, or is gone already. */
    private boolean isWhole(DeletedTopic topic) {
        return topic.directories().stream()
                .allMatch(id -> online().anyMatch(directory ->
                        directory.id().equals(id) && directory.topicTrash().holds(topic.id())));
    }

    /**
     * As {@link #claim(UUID)}, for a controller that decides in this epoch: it may ask again, and takes over what one of an earlier epoch has claimed, which cannot decide any more.
     */
    public boolean claim(UUID topicId, int epoch) {
        lock.lock();
        try {
            Integer by = claims.get(topicId);
            if (by == null ? !claim(topicId) : by > epoch || !holds(topicId)) {
                return false;
            }
            claims.put(topicId, epoch);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The topic that was claimed in this epoch is not restored. */
    public void release(UUID topicId, int epoch) {
        lock.lock();
        try {
            if (claims.remove(topicId, epoch)) {
                release(topicId);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something was decided in this epoch: what is claimed in an earlier one is never restored by that. */
    public void releaseEarlier(int epoch) {
        lock.lock();
        try {
            new TreeMap<>(claims).forEach((topicId, by) -> {
                if (by < epoch) {
                    release(topicId, by);
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /** The topic is there again. */
    void restored(UUID topicId) {
        lock.lock();
        try {
            claims.remove(topicId);
        } finally {
            lock.unlock();
        }
    }

    /** Takes hold of a topic that shall be restored, so that it is not emptied meanwhile; false if it is not there or somebody else has. */
    public boolean claim(UUID topicId) {
        List<TopicTrash> claimed = new ArrayList<>();
        for (TopicTrash trash : holders(topicId)) {
            if (!trash.claim(topicId)) {
                claimed.forEach(each -> each.release(topicId));
                return false;
            }
            claimed.add(trash);
        }
        return !claimed.isEmpty();
    }

    /** The topic that was claimed is not restored. */
    public void release(UUID topicId) {
        holders(topicId).forEach(trash -> trash.release(topicId));
    }

    /** The directory that has the files of a partition; null if there are none. */
    public @Nullable UUID directoryOf(UUID topicId, int partition) {
        return online().filter(directory -> directory.topicTrash().holds(topicId, partition))
                .map(LogDirectory::id)
                .findFirst()
                .orElse(null);
    }
}

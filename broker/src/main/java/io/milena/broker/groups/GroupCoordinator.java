package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.RequestContext;
import io.milena.broker.partitions.InternalTopics;
import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.topics.TopicCreation;
import io.milena.groups.Command;
import io.milena.groups.GroupSettings;
import io.milena.groups.GroupShard;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;

/** Finds the shard of a group; creates {@code __consumer_offsets} when the first group comes. Safe for use by many threads. */
public final class GroupCoordinator implements AutoCloseable {
    private final Partitions partitions;
    private final TopicCreation creation;
    private final GroupSettings settings;
    private final int partitionCount;
    private final Environment environment;
    private final TimerQueue timers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, ShardHost> shards = new ConcurrentSkipListMap<>();
    private volatile boolean isReady;

    /** @param partitionCount {@code offsets.topic.num.partitions}, for when the topic is created */
    public GroupCoordinator(
            Partitions partitions,
            TopicCreation creation,
            GroupSettings settings,
            int partitionCount,
            Environment environment) {
        this.partitions = partitions;
        this.creation = creation;
        this.settings = settings;
        this.partitionCount = partitionCount;
        this.environment = environment;
        this.timers = new TimerQueue(environment.clock(), environment.threads());
    }

    /** Loads all shards if the topic is there. */
    public void load() throws IOException {
        List<Partition> offsets = partitions.all().stream()
                .filter(partition -> partition.topic().equals(InternalTopics.CONSUMER_OFFSETS))
                .toList();
        for (Partition partition : offsets) {
            shards.put(partition.index(), ShardHost.load(partition, settings, timers, environment.clock()));
        }
        isReady = !offsets.isEmpty();
    }

    /** Makes sure that groups have a place. */
    public ErrorCode ensureReady() {
        if (isReady) {
            return ErrorCode.NONE;
        }
        lock.lock();
        try {
            if (!isReady) {
                ErrorCode error = creation.ensure(
                        InternalTopics.CONSUMER_OFFSETS, partitionCount, TopicCreation.offsetsTopicSettings());
                if (error != ErrorCode.NONE) {
                    return ErrorCode.COORDINATOR_NOT_AVAILABLE;
                }
                load();
            }
            return ErrorCode.NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** The shard of a group; creates the topic when there is none yet. */
    ShardHost shardOf(String groupId) {
        ErrorCode error = ensureReady();
        ShardHost host = shards.get(GroupShard.partitionFor(groupId, Math.max(1, shards.size())));
        if (error != ErrorCode.NONE || host == null) {
            throw new IllegalStateException("there is no place for groups: " + error);
        }
        return host;
    }

    /** All shards, in order. */
    List<ShardHost> shards() {
        return List.copyOf(shards.values());
    }

    /** Sends a command to the shard of its group; the answer is the shard's. */
    Answer submit(String groupId, RequestContext context, ShardHost.Question question) {
        PendingReply reply = shardOf(groupId).submit(context, question);
        return Answer.later(reply::await);
    }

    /** An answer that tells of what shards have appended by now: it waits until that is durable. */
    Answer whenDurable(ApiMessage response) {
        Map<ShardHost, Long> ends = new LinkedHashMap<>();
        shards.values().forEach(shard -> ends.put(shard, shard.endOffset()));
        return Answer.later(() -> {
            for (Map.Entry<ShardHost, Long> end : ends.entrySet()) {
                end.getKey().awaitDurable(end.getValue());
            }
            return response;
        });
    }

    /** Offsets that were committed for a topic go with it. */
    public void forget(Command.ForgetTopics topics) {
        shards.values().forEach(shard -> shard.tell(topics));
    }

    @Override
    public void close() {
        timers.close();
        shards.values().forEach(ShardHost::resign);
    }
}

package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.RequestContext;
import io.milena.broker.partitions.InternalTopics;
import io.milena.broker.partitions.LeaderWatch;
import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.topics.TopicCreation;
import io.milena.groups.Command;
import io.milena.groups.GroupSettings;
import io.milena.groups.GroupShard;
import io.milena.groups.GroupSummary;
import io.milena.groups.Refusals;
import io.milena.log.AppendResult;
import io.milena.log.Ending;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.runtime.Environment;
import io.milena.runtime.TrustedTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the shard of a group; creates {@code __consumer_offsets} when the first group comes. Safe for use by many threads. */
public final class GroupCoordinator implements CoordinatorPlace, AutoCloseable {
    private final Partitions partitions;
    private final TopicCreation creation;
    private final TopicCreation.OwnTopic topic;
    private final ShardHost.Surroundings surroundings;
    private final TimerQueue timers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, ShardHost> shards = new ConcurrentSkipListMap<>();
    /** How many partitions the topic had, working or not. */
    private volatile int loadedCount;

    private volatile boolean isReady;
    private volatile boolean isStopping;

    /**
     * @param metadata as they are now
     * @param topic that of the coordinators, for when it is created
     */
    public GroupCoordinator(
            Partitions partitions,
            TopicCreation creation,
            Supplier<ClusterImage> metadata,
            GroupSettings settings,
            TopicCreation.OwnTopic topic,
            Environment environment) {
        this.partitions = partitions;
        this.creation = creation;
        this.topic = topic;
        this.timers = new TimerQueue(environment.clock(), environment.threads(), "group-timers");
        this.surroundings = new ShardHost.Surroundings(
                settings, timers, new TrustedTime(environment.clock()), new ImageTopics.Latest(metadata)::topics);
    }

    /** Loads all shards if the topic is there. */
    public void load() throws IOException {
        follow();
    }

    @Override
    public int nodeOf(String groupId) {
        int index = partitionOf(groupId);
        int leader = partitions.leaderOf(InternalTopics.CONSUMER_OFFSETS, index);
        boolean isHere = shards.containsKey(index) || partitions.leads(InternalTopics.CONSUMER_OFFSETS, index);
        return leader != partitions.localId() || isHere ? leader : -1;
    }

    /** Follows the leaders from now on. */
    public void follow(LeaderWatch leaders) {
        leaders.start("group-shards", this::follow, () -> isStopping);
    }

    /** Takes over the groups of partitions that this broker leads now, and lets go of those that it does not lead any more. */
    public void follow() throws IOException {
        lock.lock();
        try {
            List<Partition> here = partitions.all(InternalTopics.CONSUMER_OFFSETS);
            letGo(Set.copyOf(here));
            for (Partition partition : here) {
                boolean isNew = !shards.containsKey(partition.index());
                if (isNew && partition.isLed() && !partition.log().isOffline()) {
                    shards.put(partition.index(), ShardHost.load(partition, surroundings));
                }
            }
            loadedCount = creation.partitionsOf(InternalTopics.CONSUMER_OFFSETS);
            isReady = loadedCount > 0;
        } finally {
            lock.unlock();
        }
    }

    private void letGo(Set<Partition> here) {
        List<ShardHost> over =
                shards.values().stream().filter(shard -> !shard.isOfOne(here)).toList();
        shards.values().removeAll(over);
        over.forEach(ShardHost::resign);
    }

    /** Makes sure that groups have a place. */
    @Override
    public ErrorCode ensureReady() {
        if (isReady) {
            return ErrorCode.NONE;
        }
        lock.lock();
        try {
            if (!isReady) {
                ErrorCode error = creation.ensure(topic);
                if (error != ErrorCode.NONE) {
                    return ErrorCode.COORDINATOR_NOT_AVAILABLE;
                }
                load();
            }
            // The topic may be there, and this broker not have heard of it.
            return isReady ? ErrorCode.NONE : ErrorCode.COORDINATOR_NOT_AVAILABLE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** The partition in which the offsets of a group are. */
    public int partitionOf(String groupId) {
        requireReady();
        return GroupShard.partitionFor(groupId, loadedCount);
    }

    /**
     * Ends the transaction of a producer in a partition of the offsets, as {@link Partition#end} does in others: what it has committed is seen, or forgotten.
     *
     * @return null if the partition is not here, or offline
     */
    public @Nullable AppendResult end(int partition, Ending ending) {
        ShardHost host = shards.get(partition);
        return host == null || host.isOffline() ? null : host.end(ending);
    }

    /** The shard of a group; creates the topic when there is none yet. Null while that is not possible, or the shard's log is offline. */
    @Nullable
    ShardHost shardOf(String groupId) {
        if (ensureReady() != ErrorCode.NONE) {
            return null;
        }
        ShardHost host = shards.get(GroupShard.partitionFor(groupId, loadedCount));
        return host == null || host.isOffline() ? null : host;
    }

    /** Why there is no shard of a group: it is being loaded, and whoever asks has to come again; or it is not here. */
    ErrorCode absence(String groupId) {
        boolean isComing = isReady
                && !isStopping
                && partitions.leads(InternalTopics.CONSUMER_OFFSETS, GroupShard.partitionFor(groupId, loadedCount));
        return isComing ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NOT_COORDINATOR;
    }

    /** Whether some shards are still being loaded. */
    boolean isLoading() {
        return partitions.all(InternalTopics.CONSUMER_OFFSETS).stream()
                .anyMatch(partition ->
                        partition.isLed() && !partition.log().isOffline() && !shards.containsKey(partition.index()));
    }

    /** All groups that are here, as they are now; a moment later they may be otherwise. */
    public List<GroupSummary> summaries() {
        return shards().stream()
                .flatMap(shard -> shard.read(GroupShard::summaries).stream())
                .toList();
    }

    private void requireReady() {
        ErrorCode error = ensureReady();
        if (error != ErrorCode.NONE) {
            throw new IllegalStateException("there is no place for groups: " + error);
        }
    }

    /** All shards that work, in order. */
    List<ShardHost> shards() {
        return shards.values().stream().filter(shard -> !shard.isOffline()).toList();
    }

    /** Sends a command to the shard of its group; the answer is the shard's. */
    Answer submit(String groupId, RequestContext context, ShardHost.Question question) {
        return Answer.later(ask(groupId, context, question)::await);
    }

    /** As {@link #submit}. Where the shard's log is offline, nobody knows what it holds: clients look for the coordinator again. Where it is being loaded, they wait. */
    PendingReply ask(String groupId, RequestContext context, ShardHost.Question question) {
        ShardHost shard = shardOf(groupId);
        return shard == null
                ? PendingReply.given(Refusals.of(question.command(ShardHost.contextOf(context, 0)), absence(groupId)))
                : shard.submit(context, question);
    }

    /**
     * An answer that tells of what shards have appended by now: it waits until that is durable.
     *
     * @param otherwise answered when a log goes offline before, or another broker leads: then what it tells may never have been
     */
    Answer whenDurable(ApiMessage response, ApiMessage otherwise) {
        Map<ShardHost, Long> ends = new LinkedHashMap<>();
        shards().forEach(shard -> ends.put(shard, shard.endOffset()));
        return Answer.later(() -> {
            for (Map.Entry<ShardHost, Long> end : ends.entrySet()) {
                if (!end.getKey().awaitDurable(end.getValue())) {
                    return otherwise;
                }
            }
            return response;
        });
    }

    /**
     * Offsets that were committed for a topic go with it, and come back with it.
     *
     * @param keptForMs how long it can be restored
     */
    public void forget(Command.DeletedTopic topic, long keptForMs) {
        long nowMs = surroundings.time().millis();
        long keptUntilMs = nowMs > Long.MAX_VALUE - keptForMs ? Long.MAX_VALUE : nowMs + keptForMs;
        shards().forEach(shard -> shard.tell(new Command.ForgetTopics(List.of(topic), keptUntilMs)));
    }

    @Override
    public void close() {
        isStopping = true;
        timers.close();
        shards.values().forEach(ShardHost::resign);
    }
}

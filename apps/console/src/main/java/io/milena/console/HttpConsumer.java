package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A consumer of a group for a program that speaks HTTP only. It reads what is committed to the log, transactions that are open or aborted included, as Kafka's consumers do by default. What was given is committed when
 * that is asked for; after a rebalance what was not committed is given again. Safe for use by many threads, one after the other.
 */
final class HttpConsumer {
    private static final int FETCH_WAIT_MS = 500;

    private final Cluster cluster;
    private final Clock clock;
    private final String groupId;
    private final GroupMembership membership;
    private final Isolation isolation;
    private final Offsets offsets;
    private final RecordReader reader;
    private final long whenNothingIsCommitted;
    private final ReentrantLock lock = new ReentrantLock();
    /** By topic and partition: the offset of what is given next. */
    private final Map<String, Map<Integer, Long>> positions = new TreeMap<>();

    private boolean isJoined;
    private boolean isClosed;
    private volatile long usedAtNanos;

    /** @param whenNothingIsCommitted {@link Offsets#EARLIEST} or {@link Offsets#LATEST} */
    HttpConsumer(
            Cluster cluster,
            Clock clock,
            String groupId,
            GroupMembership membership,
            long whenNothingIsCommitted,
            Isolation isolation) {
        this.cluster = cluster;
        this.clock = clock;
        this.groupId = groupId;
        this.membership = membership;
        this.isolation = isolation;
        this.offsets = new Offsets(cluster, isolation);
        this.reader = new RecordReader(cluster, isolation);
        this.whenNothingIsCommitted = whenNothingIsCommitted;
        this.usedAtNanos = clock.nanos();
    }

    /** A record and where it was. */
    record Given(String topic, int partition, RecordReader.Read read) {}

    String groupId() {
        return groupId;
    }

    long idleNanos() {
        return clock.nanos() - usedAtNanos;
    }

    /** Joins the group, so that others let go of partitions before the first records are asked for. */
    void begin() throws BadRequest {
        lock.lock();
        try {
            join();
        } finally {
            lock.unlock();
        }
    }

    private void join() throws BadRequest {
        if (isClosed) {
            throw new BadRequest(404, "The consumer is closed.");
        }
        if (isJoined) {
            return;
        }
        positions.clear();
        Map<String, List<Integer>> assigned = membership.join();
        Map<String, Map<Integer, Long>> committed = new TreeMap<>();
        for (OffsetFetchResponseTopics topic : cluster.offsets(groupId).topics()) {
            topic.partitions().stream()
                    .filter(partition -> partition.committedOffset() >= 0)
                    .forEach(partition -> committed
                            .computeIfAbsent(topic.name(), name -> new TreeMap<>())
                            .put(partition.partitionIndex(), partition.committedOffset()));
        }
        for (Map.Entry<String, List<Integer>> each : assigned.entrySet()) {
            Map<Integer, Long> begins =
                    offsets.of(cluster.topic(each.getKey()), each.getValue(), whenNothingIsCommitted);
            Map<Integer, Long> known = committed.getOrDefault(each.getKey(), Map.of());
            Map<Integer, Long> from = new TreeMap<>();
            for (int partition : each.getValue()) {
                from.put(partition, known.getOrDefault(partition, begins.getOrDefault(partition, 0L)));
            }
            positions.put(each.getKey(), from);
        }
        isJoined = true;
    }

    /** The next records; none if none have come when the time is over. */
    List<Given> poll(int limit, long waitMs, int bytesMax) throws BadRequest, IOException {
        lock.lock();
        try {
            usedAtNanos = clock.nanos();
            Deadline deadline = Deadline.afterMs(clock, waitMs);
            List<Given> given = new ArrayList<>();
            do {
                join();
                if (positions.isEmpty()) {
                    pause(deadline);
                }
                for (Map.Entry<String, Map<Integer, Long>> topic : positions.entrySet()) {
                    read(cluster.topic(topic.getKey()), topic.getValue(), limit, bytesMax, deadline, given);
                }
            } while (given.isEmpty() && !deadline.isPast());
            return given;
        } finally {
            usedAtNanos = clock.nanos();
            lock.unlock();
        }
    }

    private void read(
            MetadataResponseTopic topic,
            Map<Integer, Long> offsetsOfTopic,
            int limit,
            int bytesMax,
            Deadline deadline,
            List<Given> given)
            throws BadRequest, IOException {
        Map<Integer, Map<Integer, Long>> byLeader = new TreeMap<>();
        for (Map.Entry<Integer, Long> each : offsetsOfTopic.entrySet()) {
            byLeader.computeIfAbsent(RecordReader.leader(topic, each.getKey()), leader -> new TreeMap<>())
                    .put(each.getKey(), each.getValue());
        }
        for (Map.Entry<Integer, Map<Integer, Long>> asked : byLeader.entrySet()) {
            boolean mayWait = given.isEmpty() && positions.size() == 1 && byLeader.size() == 1;
            int waitMs = (int) Math.min(mayWait ? FETCH_WAIT_MS : 1, deadline.remainingMs());
            for (PartitionData data : reader.fetch(asked.getKey(), topic, asked.getValue(), bytesMax, waitMs)) {
                int partition = data.partitionIndex();
                if (data.errorCode() == ErrorCode.OFFSET_OUT_OF_RANGE.code()) {
                    offsetsOfTopic.put(partition, offsets.of(topic, partition, whenNothingIsCommitted));
                } else if (!ErrorCode.of(data.errorCode()).isRetriable()) {
                    Cluster.check(data.errorCode(), null);
                    List<RecordReader.Read> reads = new ArrayList<>();
                    long next = isolation.add(
                            data,
                            RecordReader.take(data.records()),
                            offsetsOfTopic.getOrDefault(partition, 0L),
                            limit - given.size(),
                            reads);
                    reads.forEach(read -> given.add(new Given(Cluster.name(topic), partition, read)));
                    offsetsOfTopic.put(partition, next);
                }
            }
        }
    }

    private void pause(Deadline deadline) throws BadRequest {
        try {
            clock.sleepMs(Math.min(FETCH_WAIT_MS, deadline.remainingMs()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadRequest(503, "The broker is stopping.");
        }
    }

    /** Commits what was given, and answers what that is. */
    Map<String, Map<Integer, Long>> commit() throws BadRequest {
        lock.lock();
        try {
            usedAtNanos = clock.nanos();
            if (!isJoined || isClosed) {
                throw new BadRequest(
                        409,
                        ErrorCode.REBALANCE_IN_PROGRESS.name(),
                        "The group rebalances: what was given since the last commit will be given again.");
            }
            List<OffsetCommitRequestTopic> topics = new ArrayList<>();
            Map<String, Map<Integer, Long>> committed = new TreeMap<>();
            positions.forEach((topic, partitions) -> {
                committed.put(topic, new TreeMap<>(partitions));
                topics.add(OffsetCommitRequestTopic.builder()
                        .name(topic)
                        .partitions(partitions.entrySet().stream()
                                .map(each -> new OffsetCommitRequestPartition(each.getKey(), each.getValue(), -1, null))
                                .toList())
                        .build());
            });
            OffsetCommitRequest request = OffsetCommitRequest.builder()
                    .groupId(groupId)
                    .memberId(membership.memberId())
                    .generationIdOrMemberEpoch(membership.generation())
                    .topics(topics)
                    .build();
            OffsetCommitResponse response = cluster.ask(
                    cluster.coordinator(Cluster.Coordinator.GROUP, groupId),
                    request,
                    Cluster.OFFSETS_WITH_NAMES,
                    OffsetCommitResponse.class);
            for (var topic : response.topics()) {
                for (var partition : topic.partitions()) {
                    Cluster.check(partition.errorCode(), null);
                }
            }
            return committed;
        } finally {
            lock.unlock();
        }
    }

    /** Says that it lives; where others have come or gone, it lets go of what it has and joins again. */
    void beat() throws BadRequest {
        if (!membership.heartbeat() && lock.tryLock()) { // whoever has the lock finds out by itself
            try {
                isJoined = false;
                if (!isClosed) {
                    join();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    void close() throws BadRequest {
        lock.lock();
        try {
            if (!isClosed) {
                isClosed = true;
                membership.leave();
            }
        } finally {
            lock.unlock();
        }
    }
}

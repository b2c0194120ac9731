package io.milena.broker.partitions;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchRequest.ForgottenTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.FetchableTopicResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one client is fetching. A session with an id remembers its partitions between requests, so that a request names only what changed and a response
 * only what is new; one without an id lives for a single request. Partitions that gave records go to the end, so that none starves.
 */
final class FetchSession implements FetchSessions.Opened {
    /** Zero for a session that is not kept. */
    private final int id;

    private final boolean usesTopicIds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<WantedPartition.Key, Entry> entries = new LinkedHashMap<>();

    /** The epoch that the next request must carry. */
    private int epoch = 1;

    /** Whether the next response names every partition, as the first one does. */
    private boolean isFull = true;

    /** A partition of the session and what the client was last told about it. */
    private record Entry(WantedPartition wanted, @Nullable PartitionData told) {}

    private FetchSession(int id, boolean usesTopicIds) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
    }

    static FetchSession withoutId(FetchRequest request, boolean usesTopicIds) {
        return withId(0, request, usesTopicIds);
    }

    static FetchSession withId(int id, FetchRequest request, boolean usesTopicIds) {
        FetchSession session = new FetchSession(id, usesTopicIds);
        session.add(request.topics());
        return session;
    }

    /** Takes in what an incremental request changes. */
    ErrorCode update(FetchRequest request, boolean requestUsesTopicIds) {
        lock.lock();
        try {
            if (request.sessionEpoch() != epoch) {
                return ErrorCode.INVALID_FETCH_SESSION_EPOCH;
            }
            if (requestUsesTopicIds != usesTopicIds) {
                return ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR;
            }
            epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
            isFull = false;
            for (ForgottenTopic topic : request.forgottenTopicsData()) {
                topic.partitions()
                        .forEach(index ->
                                entries.remove(new WantedPartition.Key(topic.topic(), topic.topicId(), index)));
            }
            add(request.topics());
            return ErrorCode.NONE;
        } finally {
            lock.unlock();
        }
    }

    private void add(List<FetchTopic> topics) {
        for (FetchTopic topic : topics) {
            for (FetchPartition partition : topic.partitions()) {
                WantedPartition wanted = new WantedPartition(topic.topic(), topic.topicId(), partition);
                entries.merge(wanted.key(), new Entry(wanted, null), (old, fresh) -> new Entry(wanted, old.told));
            }
        }
    }

    List<WantedPartition> wanted() {
        lock.lock();
        try {
            return entries.values().stream().map(Entry::wanted).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Builds the response from what was fetched, and remembers what it tells. */
    FetchResponse respond(List<FetchedPartition> fetched) {
        lock.lock();
        try {
            Map<TopicKey, List<PartitionData>> topics = new LinkedHashMap<>();
            for (FetchedPartition partition : fetched) {
                if (isFull || isNews(partition)) {
                    WantedPartition wanted = partition.wanted();
                    topics.computeIfAbsent(new TopicKey(wanted), key -> new ArrayList<>())
                            .add(partition.data());
                }
                remember(partition);
            }
            return FetchResponse.builder()
                    .sessionId(id)
                    .responses(topics.entrySet().stream()
                            .map(topic -> topic.getKey().response(topic.getValue()))
                            .toList())
                    .build();
        } finally {
            lock.unlock();
        }
    }

    private boolean isNews(FetchedPartition partition) {
        Entry entry = entries.get(partition.wanted().key());
        PartitionData told = entry == null ? null : entry.told;
        PartitionData data = partition.data();
        return partition.sizeInBytes() > 0
                || partition.isUrgent()
                || told == null
                || told.highWatermark() != data.highWatermark()
                || told.lastStableOffset() != data.lastStableOffset()
                || told.logStartOffset() != data.logStartOffset();
    }

    private void remember(FetchedPartition partition) {
        WantedPartition.Key key = partition.wanted().key();
        Entry entry = entries.get(key);
        if (entry == null || id == 0) {
            return;
        }
        if (partition.sizeInBytes() > 0) {
            entries.remove(key);
        }
        PartitionData told = partition.isFailed()
                ? null
                : partition.data().toBuilder().records(null).build();
        entries.put(key, new Entry(entry.wanted, told));
    }

    private record TopicKey(String topic, UUID topicId) {
        TopicKey(WantedPartition wanted) {
            this(wanted.topic(), wanted.topicId());
        }

        FetchableTopicResponse response(List<PartitionData> partitions) {
            return FetchableTopicResponse.builder()
                    .topic(topic)
                    .topicId(topicId)
                    .partitions(partitions)
                    .build();
        }
    }
}

package io.milena.broker.partitions;

import io.milena.protocol.message.FetchRequest.FetchPartition;
import java.util.UUID;

/**
 * One partition that a consumer asks for, by topic name (to version 12) or topic id (from 13).
 *
 * @param topic empty when the topic is asked for by its id
 * @param topicId zero when the topic is asked for by its name
 */
record WantedPartition(String topic, UUID topicId, FetchPartition request) {
    /** What identifies the partition within a session. */
    record Key(String topic, UUID topicId, int index) {}

    Key key() {
        return new Key(topic, topicId, request.partition());
    }

    /** Of which this broker has a replica. */
    Partitions.Lookup findReplica(Partitions partitions) {
        return topic.isEmpty()
                ? partitions.replica(topicId, request.partition())
                : partitions.replica(topic, request.partition());
    }

    /** That this broker leads. */
    Partitions.Lookup find(Partitions partitions) {
        return topic.isEmpty()
                ? partitions.find(topicId, request.partition())
                : partitions.find(topic, request.partition());
    }
}

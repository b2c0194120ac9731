package io.milena.compatibility;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the brokers of a cluster say of a topic that exists. A client asks whichever broker it likes, and one that has not heard of a new topic yet says that there is none; it is asked again.
 */
final class TopicView {
    private static final int LOOKS_MAX = 500;
    private static final long REST_NS = 20_000_000;

    private TopicView() {}

    static List<TopicPartitionInfo> partitions(Admin admin, String topic) {
        for (int look = 1; ; look++) {
            try {
                return admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get()
                        .get(topic)
                        .partitions();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || look == LOOKS_MAX) {
                    throw new AssertionError(e);
                }
                LockSupport.parkNanos(REST_NS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    static TopicPartitionInfo partition(Admin admin, TopicPartition partition) {
        return partitions(admin, partition.topic()).get(partition.partition());
    }
}

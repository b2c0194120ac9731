package io.milena.broker;

import io.milena.broker.partitions.InternalTopics;
import io.milena.broker.topics.TopicCreation.OwnTopic;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The topics of the coordinators, as they are created. Groups and transactions are as safe as these are: a coordinator whose only copy is gone has forgotten them. So settings that would make them less safe than other topics do
 * nothing.
 */
final class CoordinatorTopics {
    private static final String MIN_ISR = "min.insync.replicas";

    private final BrokerSettings settings;

    CoordinatorTopics(BrokerSettings settings) {
        this.settings = settings;
    }

    OwnTopic groups() {
        return new OwnTopic(
                InternalTopics.CONSUMER_OFFSETS,
                settings.integer("offsets.topic.num.partitions"),
                copies("offsets.topic.replication.factor"),
                Map.of("cleanup.policy", "compact", "compression.type", "producer", "segment.bytes", "104857600"));
    }

    OwnTopic transactions() {
        Map<String, @Nullable String> configs = new TreeMap<>(Map.of(
                "cleanup.policy",
                "compact",
                "compression.type",
                "uncompressed",
                "segment.bytes",
                Integer.toString(settings.integer("transaction.state.log.segment.bytes")),
                "unclean.leader.election.enable",
                "false"));
        int inSync = settings.integer("transaction.state.log.min.isr");
        if (isCluster() && inSync > settings.integer(MIN_ISR)) {
            configs.put(MIN_ISR, Integer.toString(inSync));
        }
        return new OwnTopic(
                InternalTopics.TRANSACTION_STATE,
                settings.integer("transaction.state.log.num.partitions"),
                copies("transaction.state.log.replication.factor"),
                configs);
    }

    private short copies(String name) {
        return isCluster()
                ? (short) Math.max(settings.integer(name), settings.integer("default.replication.factor"))
                : -1;
    }

    private boolean isCluster() {
        return !settings.voters().isEmpty();
    }
}

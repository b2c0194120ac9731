package io.milena.broker.topics;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Creates topics: on request, when a client first uses one, and the broker's own. */
public final class TopicCreation {
    private final ClusterMetadata metadata;
    private final Controller controller;
    private final RandomGenerator random;

    public TopicCreation(ClusterMetadata metadata, Controller controller, RandomGenerator random) {
        this.metadata = metadata;
        this.controller = controller;
        this.random = random;
    }

    public Decision create(Controller.NewTopic topic) {
        UUID id = Uuids.random(random);
        return metadata.decide(image -> controller.createTopic(image, topic, id));
    }

    /** What {@link #create} would answer. */
    public Decision validate(Controller.NewTopic topic) {
        return controller.createTopic(metadata.image(), topic, Uuids.random(random));
    }

    /** Creates a topic with default counts; that it is there already is fine. */
    public ErrorCode createOnFirstUse(String name) {
        return ensure(name, -1, Map.of());
    }

    public ErrorCode ensure(String name, int partitions, Map<String, @Nullable String> settings) {
        Decision decision = create(new Controller.NewTopic(name, partitions, (short) -1, Map.of(), settings));
        return decision.error() == ErrorCode.TOPIC_ALREADY_EXISTS ? ErrorCode.NONE : decision.error();
    }

    /** The settings of {@code __transaction_state}, as Kafka's. */
    public static Map<String, @Nullable String> transactionTopicSettings(int segmentBytes) {
        return Map.of(
                "cleanup.policy",
                "compact",
                "compression.type",
                "uncompressed",
                "segment.bytes",
                Integer.toString(segmentBytes),
                "unclean.leader.election.enable",
                "false");
    }

    /** The settings of {@code __consumer_offsets}, as Kafka's. */
    public static Map<String, @Nullable String> offsetsTopicSettings() {
        return Map.of("cleanup.policy", "compact", "compression.type", "producer", "segment.bytes", "104857600");
    }
}

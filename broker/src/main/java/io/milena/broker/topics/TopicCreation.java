package io.milena.broker.topics;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.peers.ControllerLink;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Creates topics: on request, when a client first uses one, and the broker's own. */
public final class TopicCreation {
    private static final System.Logger LOG = System.getLogger(TopicCreation.class.getName());
    private static final int CREATE_TOPICS_VERSION = 7;
    private static final long PATIENCE_MS = 10_000;

    private final ClusterMetadata metadata;
    private final Controller controller;
    private final ControllerLink link;
    private final Environment environment;
    private final RandomGenerator random;

    /** @param link to the active controller, where that is not here */
    public TopicCreation(
            ClusterMetadata metadata, Controller controller, ControllerLink link, Environment environment) {
        this.metadata = metadata;
        this.controller = controller;
        this.link = link;
        this.environment = environment;
        this.random = environment.random();
    }

    public Decision create(Controller.NewTopic topic) {
        UUID id = Uuids.random(random);
        return metadata.decide(image -> controller.createTopic(image, topic, id));
    }

    /** What {@link #create} would answer. */
    public Decision validate(Controller.NewTopic topic) {
        return controller.createTopic(metadata.image(), topic, Uuids.random(random));
    }

    /** How many partitions a topic has, whoever leads them; 0 for one that is not known here. */
    public int partitionsOf(String topic) {
        ClusterImage.Topic found = metadata.image().topic(topic);
        return found == null ? 0 : found.partitions().size();
    }

    /**
     * A topic that a broker creates by itself.
     *
     * @param partitions -1 for the default
     * @param copies -1 for the default
     */
    public record OwnTopic(String name, int partitions, short copies, Map<String, @Nullable String> settings) {}

    /** Creates a topic with default counts; that it is there already is fine. */
    public ErrorCode createOnFirstUse(String name) {
        return ensure(new OwnTopic(name, -1, (short) -1, Map.of()));
    }

    public ErrorCode ensure(OwnTopic topic) {
        ErrorCode error = metadata.isLeading()
                ? create(new Controller.NewTopic(topic.name, topic.partitions, topic.copies, Map.of(), topic.settings))
                        .error()
                : ask(topic);
        return error == ErrorCode.TOPIC_ALREADY_EXISTS ? ErrorCode.NONE : error;
    }

    /** Has the active controller create it, and waits until this broker knows. */
    private ErrorCode ask(OwnTopic topic) {
        CreateTopicsRequest request = CreateTopicsRequest.builder()
                .topics(List.of(CreatableTopic.builder()
                        .name(topic.name)
                        .numPartitions(topic.partitions)
                        .replicationFactor(topic.copies)
                        .configs(topic.settings.entrySet().stream()
                                .map(setting -> new CreatableTopicConfig(setting.getKey(), setting.getValue()))
                                .toList())
                        .build()))
                .timeoutMs((int) PATIENCE_MS)
                .build();
        try {
            ErrorCode error = ErrorCode.of(link.ask(request, CREATE_TOPICS_VERSION, CreateTopicsResponse.class)
                    .topics()
                    .getFirst()
                    .errorCode());
            if (error == ErrorCode.NONE || error == ErrorCode.TOPIC_ALREADY_EXISTS) {
                Deadline patience = Deadline.afterMs(environment.clock(), PATIENCE_MS);
                boolean isHere = metadata.changed().await(() -> metadata.image().topic(topic.name) != null, patience);
                return isHere ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            }
            return error;
        } catch (IOException e) {
            LOG.log(Level.INFO, "Creating {0}: {1}", topic.name, e.getMessage());
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
    }
}

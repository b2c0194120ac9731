package io.milena.broker.topics;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.metadata.RestoredTopic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.DescribeTrashResponse.TrashTopic;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.protocol.message.RestoreTopicResponse;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** RestoreTopic, an API of Milena's own: a deleted topic is there again with its id, its settings and its records. */
final class RestoreTopicHandler implements ApiHandler<RestoreTopicRequest> {
    private final ClusterMetadata metadata;
    private final Controller controller;
    private final ClusterTrash trash;
    /** The topics that are being restored, each by one request. */
    private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();

    RestoreTopicHandler(ClusterMetadata metadata, Controller controller, ClusterTrash trash) {
        this.metadata = metadata;
        this.controller = controller;
        this.trash = trash;
    }

    @Override
    public Answer handle(RestoreTopicRequest request, RequestContext context) {
        return Answer.later(() -> {
            try {
                return answer(request);
            } catch (IOException e) {
                return refused(ErrorCode.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage()));
            }
        });
    }

    private RestoreTopicResponse answer(RestoreTopicRequest request) throws IOException {
        List<TrashedParts> found =
                trash.topics().stream().filter(topic -> isMeant(topic, request)).toList();
        return switch (found.size()) {
            case 0 -> unknown(request);
            case 1 -> restore(found.getFirst(), request);
            default -> ambiguous(found);
        };
    }

    private static boolean isMeant(TrashedParts topic, RestoreTopicRequest request) {
        return request.topicId().equals(Uuids.ZERO)
                ? topic.name().equals(request.name())
                : topic.id().equals(request.topicId());
    }

    private static RestoreTopicResponse unknown(RestoreTopicRequest request) {
        return request.topicId().equals(Uuids.ZERO)
                ? refused(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "No deleted topic '" + request.name() + "' can be restored.")
                : refused(
                        ErrorCode.UNKNOWN_TOPIC_ID,
                        "No deleted topic with the id " + Uuids.text(request.topicId()) + " can be restored.");
    }

    private static RestoreTopicResponse ambiguous(List<TrashedParts> found) {
        return refused(
                ErrorCode.INVALID_REQUEST,
                found.size() + " deleted topics have the name '"
                        + found.getFirst().name() + "'; the id says which: "
                        + found.stream().map(topic -> Uuids.text(topic.id())).collect(Collectors.joining(", ")));
    }

    private RestoreTopicResponse restore(TrashedParts topic, RestoreTopicRequest request) throws IOException {
        if (!underWay.add(topic.id())) {
            return unknown(request); // somebody else restores it
        }
        try {
            String newName = request.newName();
            String name = newName == null ? topic.name() : newName;
            // Where it is alive, some may not have heard yet that it is restored.
            return metadata.image().topic(topic.id()) == null ? restore(topic.id(), name, request) : unknown(request);
        } finally {
            underWay.remove(topic.id());
        }
    }

    /** What brokers have is kept from being emptied, then it is decided: all of them hear of that before they hear of anything that a later controller decides. */
    private RestoreTopicResponse restore(UUID id, String name, RestoreTopicRequest request) throws IOException {
        int epoch = metadata.leadership().epoch();
        Map<Integer, Long> brokers = trash.brokers();
        Map<Integer, TrashTopic> kept = trash.keep(id, epoch, brokers.keySet());
        if (kept.isEmpty()) {
            return unknown(request); // its time was over
        }
        TrashedParts parts = TrashedParts.of(kept);
        RestoredTopic topic = parts.restored(name);
        Decision decision = parts.isKnown(trash.isAlone())
                ? metadata.decide(image -> decided(image, topic, epoch, brokers))
                : new Decision(
                        List.of(),
                        ErrorCode.BROKER_NOT_AVAILABLE,
                        "Topic '" + parts.name() + "' was deleted while the brokers that have something of it were"
                                + " down, and others may have had more of it.");
        if (isNotMade(decision)) {
            trash.keepNoLonger(id, epoch, brokers.keySet());
        }
        return answered(decision, topic);
    }

    private Decision decided(ClusterImage image, RestoredTopic topic, int epoch, Map<Integer, Long> brokers) {
        if (metadata.leadership().epoch() != epoch) {
            return new Decision(List.of(), ErrorCode.NOT_CONTROLLER, "another controller has decided meanwhile");
        }
        return controller.restoreTopic(
                image, topic.without(broker -> hasStartedAnew(image, broker, brokers.get(broker))));
    }

    /** Then it keeps nothing for this any more. */
    private boolean hasStartedAnew(ClusterImage image, int broker, @Nullable Long epoch) {
        RegisterBrokerRecord registration = image.broker(broker);
        return broker != metadata.localId()
                && (epoch == null || registration == null || registration.brokerEpoch() != epoch);
    }

    /** Otherwise it may be yet, or nobody knows what is on disk before the next start. */
    private static boolean isNotMade(Decision decision) {
        return decision.isRefused()
                && decision.error() != ErrorCode.KAFKA_STORAGE_ERROR
                && decision.error() != ErrorCode.NOT_CONTROLLER;
    }

    private static RestoreTopicResponse answered(Decision decision, RestoredTopic topic) {
        return decision.isRefused()
                ? refused(decision.error(), String.valueOf(decision.message()))
                : RestoreTopicResponse.builder()
                        .name(topic.name())
                        .topicId(topic.id())
                        .partitions(topic.partitions().size())
                        .build();
    }

    private static RestoreTopicResponse refused(ErrorCode error, String message) {
        return RestoreTopicResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }
}

package io.milena.broker.topics;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.ListDeletedTopicsResponse;
import io.milena.protocol.message.ListDeletedTopicsResponse.DeletedTopic;
import java.io.IOException;

/** ListDeletedTopics, an API of Milena's own: the topics that can be restored, with all brokers that are there now. */
final class ListDeletedTopicsHandler implements ApiHandler<ListDeletedTopicsRequest> {
    private final ClusterTrash trash;

    ListDeletedTopicsHandler(ClusterTrash trash) {
        this.trash = trash;
    }

    @Override
    public Answer handle(ListDeletedTopicsRequest request, RequestContext context) {
        return Answer.later(this::listed);
    }

    private ListDeletedTopicsResponse listed() {
        ListDeletedTopicsResponse.Builder response = ListDeletedTopicsResponse.builder();
        try {
            response.topics(trash.topics().stream()
                    .filter(this::canBeRestored)
                    .map(ListDeletedTopicsHandler::described)
                    .toList());
        } catch (IOException e) {
            response.errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code()).errorMessage(e.getMessage());
        }
        return response.build();
    }

    private boolean canBeRestored(TrashedParts topic) {
        return topic.isKnown(trash.isAlone()) && topic.restored(topic.name()).fault(trash::isActive) == null;
    }

    private static DeletedTopic described(TrashedParts topic) {
        return new DeletedTopic(
                topic.name(),
                topic.id(),
                topic.known().partitions(),
                topic.sizeInBytes(),
                topic.known().deletedAtMs(),
                topic.goesAtMs());
    }
}

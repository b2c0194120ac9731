package io.milena.broker.topics;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.log.DeletedTopics;
import io.milena.log.TopicTrash;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.ListDeletedTopicsResponse;
import io.milena.protocol.message.ListDeletedTopicsResponse.DeletedTopic;
import java.io.IOException;

/** ListDeletedTopics, an API of Milena's own: the topics that can be restored. */
public final class ListDeletedTopicsHandler implements ApiHandler<ListDeletedTopicsRequest> {
    private final DeletedTopics trash;

    public ListDeletedTopicsHandler(DeletedTopics trash) {
        this.trash = trash;
    }

    @Override
    public Answer handle(ListDeletedTopicsRequest request, RequestContext context) {
        ListDeletedTopicsResponse.Builder response = ListDeletedTopicsResponse.builder();
        try {
            response.topics(trash.topics().stream()
                    .map(ListDeletedTopicsHandler::describe)
                    .toList());
        } catch (IOException e) {
            response.errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code())
                    .errorMessage("The deleted topics cannot be read: " + e.getMessage());
        }
        return Answer.now(response.build());
    }

    private static DeletedTopic describe(TopicTrash.Entry entry) {
        return new DeletedTopic(
                entry.topic().name(),
                entry.topic().id(),
                entry.topic().partitions(),
                entry.sizeInBytes(),
                entry.topic().deletedAtMs(),
                entry.goesAtMs());
    }
}

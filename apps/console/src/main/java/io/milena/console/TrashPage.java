package io.milena.console;

import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.ListDeletedTopicsResponse;
import io.milena.protocol.message.ListDeletedTopicsResponse.DeletedTopic;
import java.io.IOException;

/** {@code /api/v1/trash}: the deleted topics that can be restored, and until when. */
final class TrashPage implements Page {
    private final Cluster cluster;

    TrashPage(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        ListDeletedTopicsResponse deleted =
                cluster.ask(new ListDeletedTopicsRequest(), ListDeletedTopicsResponse.class);
        Cluster.check(deleted.errorCode(), deleted.errorMessage());
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("topics");
            for (DeletedTopic topic : deleted.topics()) {
                json.writeStartObject();
                json.writeStringField("name", topic.name());
                json.writeStringField("id", topic.topicId().toString());
                json.writeNumberField("partitions", topic.partitions());
                json.writeNumberField("sizeInBytes", topic.sizeBytes());
                json.writeNumberField("deletedAtMs", topic.deletedAtMs());
                json.writeNumberField("goesAtMs", topic.goesAtMs());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}

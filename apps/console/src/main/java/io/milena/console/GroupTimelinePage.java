package io.milena.console;

import io.milena.protocol.message.DescribeGroupEventsRequest;
import io.milena.protocol.message.DescribeGroupEventsResponse;
import io.milena.protocol.message.DescribeGroupEventsResponse.GroupEvent;
import java.io.IOException;

/** {@code /api/v1/groups/{group}/timeline}: the rebalances of a group, why each was, and who came and went; the newest first. */
final class GroupTimelinePage implements Page {
    private final Cluster cluster;

    GroupTimelinePage(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        String group = request.part("group");
        GroupDescription.ask(cluster, group); // there must be one
        DescribeGroupEventsResponse response = cluster.ask(
                Cluster.Coordinator.GROUP,
                group,
                new DescribeGroupEventsRequest(group),
                DescribeGroupEventsResponse.class);
        Cluster.check(response.errorCode(), response.errorMessage());
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("events");
            for (GroupEvent event : response.events().reversed()) {
                json.writeStartObject();
                json.writeNumberField("timeMs", event.timeMs());
                json.writeStringField("kind", event.kind());
                json.writeNumberField("generation", event.generation());
                json.writeNumberField("members", event.members());
                if (!event.memberId().isEmpty()) {
                    json.writeStringField("member", event.memberId());
                    json.writeStringField("clientId", event.clientId());
                }
                json.writeStringField("reason", event.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeBooleanField("isComplete", response.isComplete());
            json.writeEndObject();
        });
    }
}

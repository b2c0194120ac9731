package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/groups}: all groups, their states, and how far they are behind. */
final class GroupsPage implements Page {
    private final Cluster cluster;
    private final Lags lags;

    GroupsPage(Cluster cluster, Lags lags) {
        this.cluster = cluster;
        this.lags = lags;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        List<ListedGroup> groups = cluster.groups();
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("groups");
            for (ListedGroup group : groups) {
                json.writeStartObject();
                json.writeStringField("id", group.groupId());
                json.writeStringField("state", group.groupState());
                json.writeStringField("type", group.groupType());
                json.writeStringField("protocolType", group.protocolType());
                write(lags.of(group.groupId()), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** What is not known is left out. */
    private static void write(Lags.@Nullable Lag lag, JsonGenerator json) throws IOException {
        if (lag != null) {
            json.writeNumberField("lagRecords", Math.round(lag.records()));
            json.writeNumberField("lagSeconds", Math.round(lag.seconds() * 10) / 10.0);
            json.writeArrayFieldStart("topics");
            for (String topic : lag.topics()) {
                json.writeString(topic);
            }
            json.writeEndArray();
        }
    }
}

package io.milena.console;

import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import java.io.IOException;
import java.util.List;

/** {@code /api/v1/groups}: all groups and their states. */
final class GroupsPage implements Page {
    private final Cluster cluster;

    GroupsPage(Cluster cluster) {
        this.cluster = cluster;
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
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}

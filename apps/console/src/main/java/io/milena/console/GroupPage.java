package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /api/v1/groups/{group}}: members with what each has, and for each partition what is committed and how far behind that is, in records and in seconds. */
final class GroupPage implements Page {
    private final Cluster cluster;
    private final GroupPositions positions;

    GroupPage(Cluster cluster) {
        this.cluster = cluster;
        this.positions = new GroupPositions(cluster);
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        String id = request.part("group");
        GroupDescription group = GroupDescription.ask(cluster, id);
        int coordinator = cluster.coordinator(Cluster.Coordinator.GROUP, id);
        List<GroupPositions.Position> all = positions.withLag(id);
        Map<String, Map<Integer, String>> owners = owners(group);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeStringField("id", group.id());
            json.writeStringField("type", group.type());
            json.writeStringField("state", group.state());
            json.writeStringField("protocolType", group.protocolType());
            json.writeStringField("assignor", group.assignor());
            json.writeNumberField("coordinator", coordinator);
            json.writeArrayFieldStart("members");
            for (GroupDescription.Member member : group.members()) {
                write(member, json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("offsets");
            for (GroupPositions.Position position : all) {
                String owner = owners.getOrDefault(position.topic(), Map.of()).getOrDefault(position.partition(), "");
                write(position, owner, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** Who has which partition, by topic. */
    private static Map<String, Map<Integer, String>> owners(GroupDescription group) {
        Map<String, Map<Integer, String>> owners = new TreeMap<>();
        for (GroupDescription.Member member : group.members()) {
            member.assignment()
                    .forEach((topic, partitions) ->
                            partitions.forEach(partition -> owners.computeIfAbsent(topic, name -> new TreeMap<>())
                                    .put(partition, member.id())));
        }
        return owners;
    }

    private static void write(GroupDescription.Member member, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", member.id());
        if (member.instanceId() != null) {
            json.writeStringField("instanceId", member.instanceId());
        }
        json.writeStringField("clientId", member.clientId());
        json.writeStringField("host", member.host());
        write("assignment", member.assignment(), json);
        json.writeBooleanField("isReconciling", member.isReconciling());
        if (!member.target().equals(member.assignment())) {
            write("target", member.target(), json);
        }
        json.writeEndObject();
    }

    private static void write(String name, Map<String, List<Integer>> assignment, JsonGenerator json)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (Map.Entry<String, List<Integer>> topic : assignment.entrySet()) {
            json.writeStartObject();
            json.writeStringField("topic", topic.getKey());
            json.writeArrayFieldStart("partitions");
            for (int partition : topic.getValue()) {
                json.writeNumber(partition);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(GroupPositions.Position position, String owner, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", position.topic());
        json.writeNumberField("partition", position.partition());
        json.writeNumberField("committedOffset", position.committed());
        if (position.isKnown()) {
            json.writeNumberField("startOffset", position.start());
            json.writeNumberField("endOffset", position.end());
            if (position.committed() >= 0) {
                json.writeNumberField("lagRecords", position.lagRecords());
            }
        }
        if (position.lagMs().isPresent()) {
            json.writeNumberField("lagSeconds", position.lagMs().getAsLong() / 1e3);
        }
        if (!position.metadata().isEmpty()) {
            json.writeStringField("metadata", position.metadata());
        }
        if (!owner.isEmpty()) {
            json.writeStringField("member", owner);
        }
        json.writeEndObject();
    }
}

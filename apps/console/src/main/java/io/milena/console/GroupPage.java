package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroupMember;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /api/v1/groups/{group}}: members with what each has, and for each partition what is committed and how far behind that is, in records and in seconds. */
final class GroupPage implements Page {
    private final Cluster cluster;
    private final GroupPositions positions;

    GroupPage(Cluster cluster, Clock clock) {
        this.cluster = cluster;
        this.positions = new GroupPositions(cluster, clock);
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        String id = request.part("group");
        DescribedGroup group = cluster.group(id);
        int coordinator = cluster.coordinator(Cluster.Coordinator.GROUP, id);
        List<GroupPositions.Position> all = positions.withAges(id);
        Map<String, Map<Integer, String>> owners = owners(group);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeStringField("id", group.groupId());
            json.writeStringField("state", group.groupState());
            json.writeStringField("protocolType", group.protocolType());
            json.writeStringField("assignor", group.protocolData());
            json.writeNumberField("coordinator", coordinator);
            json.writeArrayFieldStart("members");
            for (DescribedGroupMember member : group.members()) {
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
    private static Map<String, Map<Integer, String>> owners(DescribedGroup group) {
        Map<String, Map<Integer, String>> owners = new TreeMap<>();
        for (DescribedGroupMember member : group.members()) {
            ConsumerProtocol.assignment(member.memberAssignment())
                    .forEach((topic, partitions) ->
                            partitions.forEach(partition -> owners.computeIfAbsent(topic, name -> new TreeMap<>())
                                    .put(partition, member.memberId())));
        }
        return owners;
    }

    private static void write(DescribedGroupMember member, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", member.memberId());
        if (member.groupInstanceId() != null) {
            json.writeStringField("instanceId", member.groupInstanceId());
        }
        json.writeStringField("clientId", member.clientId());
        json.writeStringField("host", member.clientHost());
        json.writeArrayFieldStart("assignment");
        for (Map.Entry<String, List<Integer>> topic :
                ConsumerProtocol.assignment(member.memberAssignment()).entrySet()) {
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
        json.writeEndObject();
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

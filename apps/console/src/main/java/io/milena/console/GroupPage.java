package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroupMember;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/groups/{group}}: members, and for each partition what is committed and how far behind that is, in records and in seconds. */
final class GroupPage implements Page {
    private final Cluster cluster;
    private final Offsets offsets;
    private final RecordReader records;
    private final Clock clock;

    GroupPage(Cluster cluster, Clock clock) {
        this.cluster = cluster;
        this.offsets = new Offsets(cluster);
        this.records = new RecordReader(cluster);
        this.clock = clock;
    }

    /** @param lagRecords -1 where the partition cannot say where it ends */
    private record Position(String topic, int partition, long committed, long lagRecords, OptionalLong lagMs) {}

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        DescribedGroup group = cluster.group(request.part("group"));
        List<Position> positions = positions(request.part("group"));
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeStringField("id", group.groupId());
            json.writeStringField("state", group.groupState());
            json.writeStringField("protocolType", group.protocolType());
            json.writeStringField("assignor", group.protocolData());
            json.writeArrayFieldStart("members");
            for (DescribedGroupMember member : group.members()) {
                write(member, json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("offsets");
            for (Position position : positions) {
                write(position, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private List<Position> positions(String groupId) throws BadRequest, IOException {
        List<Position> positions = new ArrayList<>();
        for (OffsetFetchResponseTopics topic : cluster.offsets(groupId).topics()) {
            List<Integer> indexes = topic.partitions().stream()
                    .map(OffsetFetchResponsePartitions::partitionIndex)
                    .toList();
            Map<Integer, Long> ends = offsets.of(topic.name(), indexes, Offsets.LATEST);
            Map<Integer, Long> starts = offsets.of(topic.name(), indexes, Offsets.EARLIEST);
            for (OffsetFetchResponsePartitions each : topic.partitions()) {
                int index = each.partitionIndex();
                positions.add(
                        position(topic.name(), index, each.committedOffset(), starts.get(index), ends.get(index)));
            }
        }
        return positions;
    }

    private Position position(String topic, int partition, long committed, @Nullable Long start, @Nullable Long end)
            throws BadRequest, IOException {
        if (end == null || start == null || committed < 0) {
            return new Position(topic, partition, committed, -1, OptionalLong.empty());
        }
        if (committed >= end) {
            return new Position(topic, partition, committed, 0, OptionalLong.of(0));
        }
        OptionalLong time = records.batchTimeAt(topic, partition, Math.max(committed, start));
        OptionalLong lagMs = time.isPresent()
                ? OptionalLong.of(Math.max(0, clock.millis() - time.getAsLong()))
                : OptionalLong.empty();
        return new Position(topic, partition, committed, end - committed, lagMs);
    }

    private static void write(DescribedGroupMember member, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", member.memberId());
        if (member.groupInstanceId() != null) {
            json.writeStringField("instanceId", member.groupInstanceId());
        }
        json.writeStringField("clientId", member.clientId());
        json.writeStringField("host", member.clientHost());
        json.writeEndObject();
    }

    private static void write(Position position, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", position.topic);
        json.writeNumberField("partition", position.partition);
        json.writeNumberField("committedOffset", position.committed);
        if (position.lagRecords >= 0) {
            json.writeNumberField("lagRecords", position.lagRecords);
        }
        if (position.lagMs.isPresent()) {
            json.writeNumberField("lagSeconds", position.lagMs.getAsLong() / 1e3);
        }
        json.writeEndObject();
    }
}

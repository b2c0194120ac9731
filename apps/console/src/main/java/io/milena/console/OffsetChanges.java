package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DeleteGroupsRequest;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.DeleteGroupsResponse.DeletableGroupResult;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Moves groups that have no members: first it can be seen what would be read again, then it is done. Deletes groups. */
final class OffsetChanges {
    private static final List<String> TARGETS = List.of("earliest", "latest", "offset", "time", "shift");

    private final Cluster cluster;
    private final Offsets offsets;
    private final GroupPositions positions;

    OffsetChanges(Cluster cluster) {
        this.cluster = cluster;
        this.offsets = new Offsets(cluster);
        this.positions = new GroupPositions(cluster);
    }

    /** {@code POST .../offsets/preview}. */
    Page.Response preview(Request request) throws BadRequest, IOException {
        String group = request.part("group");
        return answer(plans(group, request.body()), isEmpty(group));
    }

    /** {@code POST .../offsets}. */
    Page.Response apply(Request request) throws BadRequest, IOException {
        String group = request.part("group");
        List<OffsetPlan> plans = plans(group, request.body());
        commit(group, plans);
        return answer(plans, true);
    }

    /** {@code POST .../offsets/skip}: one record that cannot be processed. */
    Page.Response skip(Request request) throws BadRequest, IOException {
        String group = request.part("group");
        Fields body = request.body().only("topic", "partition");
        String topic = body.textNeeded("topic");
        int partition = (int) body.numberNeeded("partition", 0, Integer.MAX_VALUE);
        GroupPositions.Position position = position(group, topic, partition);
        long skipped = Math.max(position.committed(), position.start());
        if (position.committed() < 0 || skipped >= position.end()) {
            throw new BadRequest(
                    409,
                    "There is no record behind the committed offset of partition " + partition + " of " + topic + ".");
        }
        OffsetPlan plan = OffsetPlan.to(skipped + 1, position);
        commit(group, List.of(plan));
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeNumberField("skippedOffset", skipped);
            json.writeNumberField("committedOffset", plan.target());
            json.writeEndObject();
        });
    }

    private GroupPositions.Position position(String group, String topic, int partition) throws BadRequest {
        return positions.of(group).stream()
                .filter(each -> each.topic().equals(topic) && each.partition() == partition && each.isKnown())
                .findFirst()
                .orElseThrow(() -> new BadRequest(
                        404, "The group has committed nothing for partition " + partition + " of " + topic + "."));
    }

    private boolean isEmpty(String group) throws BadRequest {
        try {
            return GroupDescription.ask(cluster, group).members().isEmpty();
        } catch (BadRequest e) {
            if (e.status() == 404) {
                return true; // a new one
            }
            throw e;
        }
    }

    private List<OffsetPlan> plans(String group, Fields body) throws BadRequest {
        body.only("topics", "to", "value");
        String to = body.textNeeded("to");
        if (!TARGETS.contains(to)) {
            throw new BadRequest(400, "to must be one of " + String.join(", ", TARGETS) + ".");
        }
        boolean isByNumber = TARGETS.indexOf(to) >= 2;
        long value =
                isByNumber ? body.numberNeeded("value", to.equals("shift") ? Long.MIN_VALUE : 0, Long.MAX_VALUE) : 0;
        Map<String, Map<Integer, GroupPositions.Position>> chosen = chosen(group, body.objects("topics"));
        List<OffsetPlan> plans = new ArrayList<>();
        for (Map.Entry<String, Map<Integer, GroupPositions.Position>> topic : chosen.entrySet()) {
            Map<Integer, Long> atTime = to.equals("time")
                    ? offsets.of(cluster.topic(topic.getKey()), topic.getValue().keySet(), value)
                    : Map.of();
            for (GroupPositions.Position position : topic.getValue().values()) {
                long wanted = switch (to) {
                    case "earliest" -> position.start();
                    case "latest" -> position.end();
                    case "offset" -> value;
                    case "time" -> atTime.getOrDefault(position.partition(), position.end());
                    default -> shifted(position, value);
                };
                plans.add(OffsetPlan.to(wanted, position));
            }
        }
        return plans;
    }

    private static long shifted(GroupPositions.Position position, long by) {
        long from = Math.max(position.committed(), position.start());
        return by > 0 ? (from > Long.MAX_VALUE - by ? Long.MAX_VALUE : from + by) : Math.max(from + by, 0);
    }

    /** By topic and partition; without topics, all for which something is committed. */
    private Map<String, Map<Integer, GroupPositions.Position>> chosen(String group, List<Fields> topics)
            throws BadRequest {
        Map<String, Map<Integer, GroupPositions.Position>> committed = new TreeMap<>();
        for (GroupPositions.Position position : positions.of(group)) {
            if (position.isKnown()) {
                committed
                        .computeIfAbsent(position.topic(), topic -> new TreeMap<>())
                        .put(position.partition(), position);
            }
        }
        if (topics.isEmpty()) {
            if (committed.isEmpty()) {
                throw new BadRequest(404, "The group has committed nothing; name topics.");
            }
            return committed;
        }
        Map<String, Map<Integer, GroupPositions.Position>> chosen = new TreeMap<>();
        for (Fields each : topics) {
            each.only("topic", "partitions");
            MetadataResponseTopic topic = cluster.topic(each.textNeeded("topic"));
            List<Integer> partitions = ChosenPartitions.ofNumbers(each.indexes("partitions"), topic);
            Map<Integer, Long> starts = offsets.of(topic, partitions, Offsets.EARLIEST);
            Map<Integer, Long> ends = offsets.of(topic, partitions, Offsets.LATEST);
            for (int partition : partitions) {
                GroupPositions.Position known =
                        committed.getOrDefault(topic.name(), Map.of()).get(partition);
                chosen.computeIfAbsent(topic.name(), name -> new TreeMap<>())
                        .put(
                                partition,
                                known != null
                                        ? known
                                        : new GroupPositions.Position(
                                                Cluster.name(topic),
                                                partition,
                                                -1,
                                                "",
                                                ended(starts, partition, topic),
                                                ended(ends, partition, topic),
                                                Optional.empty()));
            }
        }
        return chosen;
    }

    private static long ended(Map<Integer, Long> offsets, int partition, MetadataResponseTopic topic)
            throws BadRequest {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new BadRequest(503, "Partition " + partition + " of " + topic.name() + " does not work now.");
        }
        return offset;
    }

    /** The coordinator refuses it while there are members: nobody but they may commit then. */
    private void commit(String group, List<OffsetPlan> plans) throws BadRequest {
        if (!isEmpty(group)) {
            throw new BadRequest(409, ErrorCode.NON_EMPTY_GROUP.name(), "The group has members: stop them first.");
        }
        Map<String, List<OffsetCommitRequestPartition>> byTopic = new LinkedHashMap<>();
        for (OffsetPlan plan : plans) {
            byTopic.computeIfAbsent(plan.topic(), topic -> new ArrayList<>())
                    .add(new OffsetCommitRequestPartition(plan.partition(), plan.target(), -1, null));
        }
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(-1)
                .topics(byTopic.entrySet().stream()
                        .map(topic -> OffsetCommitRequestTopic.builder()
                                .name(topic.getKey())
                                .partitions(topic.getValue())
                                .build())
                        .toList())
                .build();
        int coordinator = cluster.coordinator(Cluster.Coordinator.GROUP, group);
        OffsetCommitResponse response =
                cluster.ask(coordinator, request, Cluster.OFFSETS_WITH_NAMES, OffsetCommitResponse.class);
        for (OffsetCommitResponseTopic topic : response.topics()) {
            for (OffsetCommitResponsePartition partition : topic.partitions()) {
                Cluster.check(
                        partition.errorCode() == ErrorCode.UNKNOWN_MEMBER_ID.code()
                                ? ErrorCode.NON_EMPTY_GROUP.code()
                                : partition.errorCode(),
                        null);
            }
        }
    }

    private static Page.Response answer(List<OffsetPlan> plans, boolean isPossible) throws IOException {
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("partitions");
            for (OffsetPlan plan : plans) {
                write(plan, json);
            }
            json.writeEndArray();
            json.writeNumberField(
                    "readAgain", plans.stream().mapToLong(OffsetPlan::readAgain).sum());
            json.writeNumberField(
                    "skipped", plans.stream().mapToLong(OffsetPlan::skipped).sum());
            json.writeBooleanField("isPossible", isPossible);
            json.writeEndObject();
        });
    }

    private static void write(OffsetPlan plan, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", plan.topic());
        json.writeNumberField("partition", plan.partition());
        json.writeNumberField("committedOffset", plan.committed());
        json.writeNumberField("startOffset", plan.start());
        json.writeNumberField("endOffset", plan.end());
        json.writeNumberField("targetOffset", plan.target());
        json.writeNumberField("readAgain", plan.readAgain());
        json.writeNumberField("skipped", plan.skipped());
        json.writeEndObject();
    }

    /** {@code DELETE /api/v1/groups/{group}}. */
    Page.Response delete(Request request) throws BadRequest {
        String group = request.part("group");
        DeletableGroupResult deleted = cluster.ask(
                        Cluster.Coordinator.GROUP,
                        group,
                        new DeleteGroupsRequest(List.of(group)),
                        DeleteGroupsResponse.class)
                .results()
                .getFirst();
        Cluster.check(deleted.errorCode(), deleted.errorMessage());
        return Page.Response.done();
    }
}

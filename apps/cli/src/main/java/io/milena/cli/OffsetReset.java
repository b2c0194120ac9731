package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.GroupQuestions;
import io.milena.cli.client.OffsetQuestions;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where a group shall go on in each partition, and how it is told so. */
final class OffsetReset {
    /** The last version with topic names. */
    private static final int COMMIT_VERSION_MAX = 9;

    private final ClusterClient client;
    private final String group;
    private final List<Step> steps = new ArrayList<>();

    /**
     * Of one partition.
     *
     * @param before what is committed now; -1 for nothing
     */
    record Step(String topic, int partition, long before, long to) {
        /** Records between that were read already, at most. */
        long readAgain() {
            return before < 0 ? 0 : Math.max(0, before - to);
        }

        Map<String, Object> json() {
            Map<String, Object> json = Json.fields("topic", topic, "partition", partition);
            if (before >= 0) {
                json.put("committed", before);
            }
            json.putAll(Json.fields("target", to, "readAgain", readAgain()));
            return json;
        }
    }

    /** Where a group shall go on: exactly one of these. */
    static final class Target {
        @Option(names = "--to-earliest", required = true, description = "The oldest records.")
        private boolean toEarliest;

        @Option(names = "--to-latest", required = true, description = "The end.")
        private boolean toLatest;

        @Option(
                names = "--to-offset",
                required = true,
                paramLabel = "OFFSET",
                converter = NotNegative.class,
                description = "This offset in every partition, or the nearest that is there.")
        private long toOffset = -1;

        @Option(
                names = "--to-time",
                required = true,
                paramLabel = "MS",
                converter = NotNegative.class,
                description = "The first record that is not earlier, in ms since 1970 UTC; the end when there is none.")
        private long toTimeMs = -1;

        long offset(OffsetQuestions offsets, MetadataResponsePartition partition) throws IOException {
            long earliest = offsets.earliest(partition);
            long latest = offsets.latest(partition);
            if (toEarliest) {
                return earliest;
            }
            long wanted = toLatest ? latest : toTimeMs >= 0 ? offsets.atTime(partition, toTimeMs) : toOffset;
            return Math.clamp(wanted, earliest, latest);
        }
    }

    private OffsetReset(ClusterClient client, String group) {
        this.client = client;
        this.group = group;
    }

    /** What would be done; nothing is changed by it. */
    static OffsetReset plan(ClusterClient client, String group, List<String> topics, Target target) throws IOException {
        OffsetReset reset = new OffsetReset(client, group);
        Map<String, Map<Integer, Long>> committed = new GroupQuestions(client, group).committed();
        for (String topic : topics) {
            OffsetQuestions offsets = new OffsetQuestions(client, topic);
            for (MetadataResponsePartition partition : client.topic(topic).partitions()) {
                int index = partition.partitionIndex();
                long before = committed.getOrDefault(topic, Map.of()).getOrDefault(index, -1L);
                reset.steps.add(new Step(topic, index, before, target.offset(offsets, partition)));
            }
        }
        return reset;
    }

    List<Step> steps() {
        return steps;
    }

    /** @throws CommandFailure if the group has members */
    void commit() throws IOException {
        Map<String, List<OffsetCommitRequestPartition>> topics = new LinkedHashMap<>();
        for (Step step : steps) {
            topics.computeIfAbsent(step.topic, _ -> new ArrayList<>())
                    .add(OffsetCommitRequestPartition.builder()
                            .partitionIndex(step.partition)
                            .committedOffset(step.to)
                            .committedLeaderEpoch(-1)
                            .committedMetadata("")
                            .build());
        }
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(-1)
                .topics(topics.entrySet().stream()
                        .map(topic -> OffsetCommitRequestTopic.builder()
                                .name(topic.getKey())
                                .partitions(topic.getValue())
                                .build())
                        .toList())
                .build();
        client.sendToCoordinator(group, request, COMMIT_VERSION_MAX, OffsetCommitResponse.class)
                .topics()
                .forEach(topic -> topic.partitions().forEach(partition -> check(topic.name(), partition)));
    }

    private void check(String topic, OffsetCommitResponsePartition partition) {
        if (partition.errorCode() == ErrorCode.UNKNOWN_MEMBER_ID.code()) {
            throw new CommandFailure("group " + group + " has members; stop them first");
        }
        ClusterClient.check(partition.errorCode(), "offset of " + topic + "-" + partition.partitionIndex());
    }
}

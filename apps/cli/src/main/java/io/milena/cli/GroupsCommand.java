package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.GroupQuestions;
import io.milena.cli.client.OffsetQuestions;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DeleteGroupsRequest;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.DescribeGroupsRequest;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
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
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena groups}: who reads what, how far behind, and from where next. */
@Command(
        name = "groups",
        description = "Lists, describes and deletes consumer groups, and resets their offsets.",
        mixinStandardHelpOptions = true)
public final class GroupsCommand {
    /** The last version with topic names. */
    private static final int COMMIT_VERSION_MAX = 9;

    private final Terminal terminal;

    GroupsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "Lists the groups.", mixinStandardHelpOptions = true)
    int list(@Mixin Connecting to, @Mixin Output output) throws IOException {
        List<ListedGroup> groups = new ArrayList<>();
        try (ClusterClient client = to.connect()) {
            for (MetadataResponseBroker broker : client.brokers()) {
                ListGroupsResponse answer =
                        client.sendTo(broker, ListGroupsRequest.builder().build(), ListGroupsResponse.class);
                ClusterClient.check(answer.errorCode(), "groups");
                groups.addAll(answer.groups());
            }
        }
        if (output.isJson()) {
            terminal.out()
                    .println(Json.of(groups.stream()
                            .map(group -> Map.of("group", group.groupId(), "state", group.groupState()))
                            .toList()));
        } else {
            groups.forEach(group -> terminal.out().println(group.groupId() + "  " + group.groupState()));
        }
        return 0;
    }

    @Command(
            description = "Shows members, and for each partition committed offset, end and lag.",
            mixinStandardHelpOptions = true)
    int describe(
            @Mixin Connecting to,
            @Mixin Output output,
            @Parameters(paramLabel = "GROUP", description = "Its id.") String name)
            throws IOException {
        try (ClusterClient client = to.connect()) {
            DescribedGroup group = client.sendToCoordinator(
                            name,
                            DescribeGroupsRequest.builder()
                                    .groups(List.of(name))
                                    .build(),
                            Short.MAX_VALUE,
                            DescribeGroupsResponse.class)
                    .groups()
                    .getFirst();
            ClusterClient.check(group.errorCode(), "group " + name, group.errorMessage());
            List<Map<String, Object>> offsets = offsets(client, name);
            if (output.isJson()) {
                terminal.out().println(Json.of(described(group, offsets)));
                return 0;
            }
            terminal.out()
                    .println("Group " + name + ": " + group.groupState() + ", "
                            + group.members().size() + " member(s)");
            group.members().forEach(m -> terminal.out().println("  member " + m.memberId() + "  " + m.clientHost()));
            offsets.forEach(each -> terminal.out()
                    .println("  " + each.get("topic") + "-" + each.get("partition") + "  committed "
                            + each.get("committed") + "  end " + each.get("end") + "  lag " + each.get("lag")));
        }
        return 0;
    }

    private static Map<String, Object> described(DescribedGroup group, List<Map<String, Object>> offsets) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("group", group.groupId());
        all.put("state", group.groupState());
        all.put(
                "members",
                group.members().stream()
                        .map(member -> Json.fields(
                                "member", member.memberId(), "client", member.clientId(), "host", member.clientHost()))
                        .toList());
        all.put("offsets", offsets);
        return all;
    }

    /** What it has committed, and where that partition ends. */
    private static List<Map<String, Object>> offsets(ClusterClient client, String group) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map.Entry<String, Map<Integer, Long>> topic :
                new GroupQuestions(client, group).committed().entrySet()) {
            OffsetQuestions questions = new OffsetQuestions(client, topic.getKey());
            for (MetadataResponsePartition partition :
                    client.topic(topic.getKey()).partitions()) {
                Long offset = topic.getValue().get(partition.partitionIndex());
                if (offset != null) {
                    long end = questions.latest(partition);
                    Map<String, Object> each =
                            Json.fields("topic", topic.getKey(), "partition", partition.partitionIndex());
                    each.putAll(Json.fields("committed", offset, "end", end, "lag", end - offset));
                    all.add(each);
                }
            }
        }
        return all;
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

    @Command(
            name = "reset-offsets",
            description =
                    "Moves the committed offsets of a group without members. Shows what would happen; --execute does"
                            + " it.",
            mixinStandardHelpOptions = true)
    int resetOffsets(
            @Mixin Connecting to,
            @Parameters(paramLabel = "GROUP", description = "Its id.") String name,
            @Option(
                            names = "--topic",
                            required = true,
                            paramLabel = "TOPIC",
                            description = "Which topic; may be repeated.")
                    List<String> topics,
            @Option(names = "--execute", description = "Commit the new offsets.") boolean isExecuted,
            @ArgGroup(exclusive = true, multiplicity = "1") Target target)
            throws IOException {
        try (ClusterClient client = to.connect()) {
            List<OffsetCommitRequestTopic> commits = new ArrayList<>();
            for (String topic : topics) {
                OffsetQuestions offsets = new OffsetQuestions(client, topic);
                List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
                for (MetadataResponsePartition partition : client.topic(topic).partitions()) {
                    long offset = target.offset(offsets, partition);
                    terminal.out().println("  " + topic + "-" + partition.partitionIndex() + "  to " + offset);
                    partitions.add(OffsetCommitRequestPartition.builder()
                            .partitionIndex(partition.partitionIndex())
                            .committedOffset(offset)
                            .committedLeaderEpoch(-1)
                            .committedMetadata("")
                            .build());
                }
                commits.add(OffsetCommitRequestTopic.builder()
                        .name(topic)
                        .partitions(partitions)
                        .build());
            }
            if (!isExecuted) {
                terminal.out().println("Nothing is changed yet; --execute commits these offsets");
                return 0;
            }
            OffsetCommitRequest request = OffsetCommitRequest.builder()
                    .groupId(name)
                    .generationIdOrMemberEpoch(-1)
                    .topics(commits)
                    .build();
            OffsetCommitResponse response =
                    client.sendToCoordinator(name, request, COMMIT_VERSION_MAX, OffsetCommitResponse.class);
            response.topics()
                    .forEach(topic ->
                            topic.partitions().forEach(partition -> checkCommitted(name, topic.name(), partition)));
            terminal.out().println("Reset group " + name);
        }
        return 0;
    }

    private static void checkCommitted(String group, String topic, OffsetCommitResponsePartition partition) {
        if (partition.errorCode() == ErrorCode.UNKNOWN_MEMBER_ID.code()) {
            throw new CommandFailure("group " + group + " has members; stop them first");
        }
        ClusterClient.check(partition.errorCode(), "offset of " + topic + "-" + partition.partitionIndex());
    }

    @Command(description = "Deletes groups without members, and their offsets.", mixinStandardHelpOptions = true)
    int delete(
            @Mixin Connecting to,
            @Parameters(paramLabel = "GROUP", arity = "1..*", description = "Their ids.") List<String> names)
            throws IOException {
        try (ClusterClient client = to.connect()) {
            for (String name : names) {
                DeleteGroupsRequest request =
                        DeleteGroupsRequest.builder().groupsNames(List.of(name)).build();
                var result = client.sendToCoordinator(name, request, Short.MAX_VALUE, DeleteGroupsResponse.class)
                        .results()
                        .getFirst();
                ClusterClient.check(result.errorCode(), "group " + name, result.errorMessage());
                terminal.out().println("Deleted " + name);
            }
        }
        return 0;
    }
}

package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.GroupQuestions;
import io.milena.cli.client.OffsetQuestions;
import io.milena.protocol.message.DeleteGroupsRequest;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import java.io.IOException;
import java.util.ArrayList;
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
                            .map(group -> Json.fields(
                                    "group", group.groupId(),
                                    "state", group.groupState(),
                                    "type", group.groupType()))
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
            GroupQuestions.Members group = new GroupQuestions(client, name).members();
            List<Map<String, Object>> offsets = offsets(client, name, group.owners());
            if (output.isJson()) {
                terminal.out().println(Json.of(described(name, group, offsets)));
                return 0;
            }
            terminal.out()
                    .println("Group " + name + ": " + group.state() + ", "
                            + group.all().size() + " member(s)"
                            + (group.isAssignedByBroker() ? ", group.protocol=consumer" : ""));
            group.all()
                    .forEach(member -> terminal.out()
                            .println("  member " + member.id() + "  " + member.clientHost() + "  " + member.clientId()
                                    + "  has " + member.partitions()
                                    + (member.isAwaited() ? ", awaited" : "")));
            offsets.forEach(each -> terminal.out()
                    .println("  " + each.get("topic") + "-" + each.get("partition") + "  committed "
                            + each.get("committed") + "  end " + each.get("end") + "  lag " + each.get("lag")));
        }
        return 0;
    }

    private static Map<String, Object> described(
            String name, GroupQuestions.Members group, List<Map<String, Object>> offsets) {
        Map<String, Object> all = Json.fields("group", name, "type", group.type(), "state", group.state());
        all.put(
                "members",
                group.all().stream()
                        .map(member -> Json.fields(
                                "member", member.id(),
                                "client", member.clientId(),
                                "host", member.clientHost(),
                                "partitions", member.partitions(),
                                "isAwaited", member.isAwaited()))
                        .toList());
        all.put("offsets", offsets);
        return all;
    }

    /** What it has committed, and where that partition ends. */
    private static List<Map<String, Object>> offsets(ClusterClient client, String group, Map<String, String> owners)
            throws IOException {
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
                    String owner = owners.get(topic.getKey() + "-" + partition.partitionIndex());
                    if (owner != null) {
                        each.put("member", owner);
                    }
                    all.add(each);
                }
            }
        }
        return all;
    }

    @Command(
            name = "reset-offsets",
            description =
                    "Moves the committed offsets of a group without members. Shows what would happen; --execute does"
                            + " it.",
            mixinStandardHelpOptions = true)
    int resetOffsets(
            @Mixin Connecting to,
            @Mixin Output output,
            @Parameters(paramLabel = "GROUP", description = "Its id.") String name,
            @Option(
                            names = "--topic",
                            required = true,
                            paramLabel = "TOPIC",
                            description = "Which topic; may be repeated.")
                    List<String> topics,
            @Option(names = "--execute", description = "Commit the new offsets.") boolean isExecuted,
            @ArgGroup(exclusive = true, multiplicity = "1") OffsetReset.Target target)
            throws IOException {
        try (ClusterClient client = to.connect()) {
            OffsetReset reset = OffsetReset.plan(client, name, topics, target);
            if (!output.isJson()) {
                reset.steps()
                        .forEach(each -> terminal.out()
                                .println("  " + each.topic() + "-" + each.partition() + "  to " + each.to()));
            }
            if (isExecuted) {
                reset.commit();
            }
            terminal.out().println(output.isJson() ? json(name, reset, isExecuted) : said(name, isExecuted));
        }
        return 0;
    }

    private static String said(String group, boolean isExecuted) {
        return isExecuted ? "Reset group " + group : "Nothing is changed yet; --execute commits these offsets";
    }

    private static String json(String group, OffsetReset reset, boolean isExecuted) {
        return Json.of(Json.fields(
                "group", group,
                "isExecuted", isExecuted,
                "partitions", reset.steps().stream().map(OffsetReset.Step::json).toList()));
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

package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.GroupEvents;
import io.milena.cli.client.GroupQuestions;
import io.milena.cli.client.LagQuestions;
import io.milena.cli.client.RefusalQuestions;
import io.milena.cli.why.Answer;
import io.milena.cli.why.GroupState;
import io.milena.cli.why.Refusal;
import io.milena.cli.why.WhyGroup;
import io.milena.cli.why.WhyPartition;
import io.milena.cli.why.WhyRequest;
import io.milena.cli.why.WhyTransaction;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.DescribeTransactionsResponse.TopicData;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.milena.protocol.message.ListRefusedRequestsResponse.RefusedRequests;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena why}: asks the broker, and reasons. */
@Command(
        name = "why",
        description = "Says why something is as it is, with what was looked at and what can be done.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  milena why group order-processor",
            "  milena why partition orders 2",
            "  milena why transaction checkout-0",
            "  milena why request --client order-service"
        })
public final class WhyCommand {
    private static final byte TOPIC = 2;
    private static final int REFUSALS_MAX = 10;

    private final Terminal terminal;

    WhyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            description = "Why is this partition without a leader, or under-replicated?",
            mixinStandardHelpOptions = true)
    int partition(
            @Mixin Connecting to,
            @Mixin Output output,
            @Parameters(paramLabel = "TOPIC", description = "Its topic.") String topic,
            @Parameters(paramLabel = "PARTITION", description = "Its number.") int index)
            throws IOException {
        try (ClusterClient client = to.connect()) {
            MetadataResponsePartition partition = client.topic(topic).partitions().stream()
                    .filter(each -> each.partitionIndex() == index)
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure("topic " + topic + " has no partition " + index));
            Set<Integer> brokers = client.brokers().stream()
                    .map(MetadataResponseBroker::nodeId)
                    .collect(Collectors.toSet());
            return print(
                    output,
                    new WhyPartition(
                                    topic + "-" + index,
                                    partition.leaderId(),
                                    partition.replicaNodes(),
                                    partition.isrNodes(),
                                    Set.copyOf(partition.offlineReplicas()),
                                    brokers,
                                    minInsyncReplicas(client, topic))
                            .answer());
        }
    }

    private static int minInsyncReplicas(ClusterClient client, String topic) throws IOException {
        DescribeConfigsRequest request = DescribeConfigsRequest.builder()
                .resources(List.of(new DescribeConfigsResource(TOPIC, topic, List.of("min.insync.replicas"))))
                .build();
        var result =
                client.send(request, DescribeConfigsResponse.class).results().getFirst();
        ClusterClient.check(result.errorCode(), "settings of " + topic, result.errorMessage());
        return result.configs().stream()
                .filter(each -> each.name().equals("min.insync.replicas"))
                .map(each -> Integer.parseInt(String.valueOf(each.value())))
                .findFirst()
                .orElse(1);
    }

    @Command(description = "Why is this group rebalancing, or behind?", mixinStandardHelpOptions = true)
    int group(
            @Mixin Connecting to,
            @Mixin Output output,
            @Parameters(paramLabel = "GROUP", description = "Its id.") String name,
            @Option(
                            names = "--for",
                            paramLabel = "MS",
                            defaultValue = "2000",
                            converter = NotNegative.class,
                            description = "How long to watch it, in ms. Default: ${DEFAULT-VALUE}.")
                    long watchMs)
            throws IOException, InterruptedException {
        try (ClusterClient client = to.connect()) {
            GroupQuestions questions = new GroupQuestions(client, name);
            Map<String, GroupQuestions.Position> before = questions.positions(questions.members());
            TimeUnit.MILLISECONDS.sleep(watchMs);
            GroupQuestions.Members members = questions.members();
            Map<String, GroupQuestions.Position> after = questions.positions(members);
            Map<String, Map<Integer, Long>> unread =
                    new LagQuestions(client).unread(client.metadata(null), questions.committed());
            Map<String, String> owners = members.owners();
            List<GroupState.Position> positions = new ArrayList<>();
            after.forEach((partition, now) -> {
                GroupQuestions.Position then = before.getOrDefault(partition, now);
                GroupState.Position position = new GroupState.Position(
                        partition, owners.get(partition), then.committed(), then.end(), now.committed(), now.end());
                int dash = partition.lastIndexOf('-');
                Long left = unread.getOrDefault(partition.substring(0, dash), Map.of())
                        .get(Integer.parseInt(partition.substring(dash + 1)));
                positions.add(left != null && left == 0 ? position.atItsEnd() : position);
            });
            return print(
                    output,
                    new WhyGroup(new GroupState(
                                    name, members.state(), membership(client, name, members), positions, watchMs))
                            .answer());
        }
    }

    private static GroupState.Membership membership(ClusterClient client, String group, GroupQuestions.Members members)
            throws IOException {
        long nowMs = System.currentTimeMillis();
        return new GroupState.Membership(
                members.ids(),
                members.all().stream()
                        .filter(GroupQuestions.Member::isAwaited)
                        .map(GroupQuestions.Member::id)
                        .toList(),
                GroupEvents.recent(client, group, nowMs).stream()
                        .map(event -> new GroupState.Event(event.what(), Math.max(0, nowMs - event.timeMs())))
                        .toList());
    }

    @Command(description = "Why is the transaction of this transactional id not over?", mixinStandardHelpOptions = true)
    int transaction(
            @Mixin Connecting to,
            @Mixin Output output,
            @Parameters(paramLabel = "ID", description = "The transactional id.") String id)
            throws IOException {
        try (ClusterClient client = to.connect()) {
            TransactionState state = new OpenTransactions(client).describe(id);
            List<String> partitions = new ArrayList<>();
            List<String> leaderless = new ArrayList<>();
            for (TopicData topic : state.topics()) {
                for (MetadataResponsePartition partition :
                        client.topic(topic.topic()).partitions()) {
                    if (topic.partitions().contains(partition.partitionIndex())) {
                        String name = topic.topic() + "-" + partition.partitionIndex();
                        partitions.add(name);
                        if (partition.leaderId() < 0) {
                            leaderless.add(name);
                        }
                    }
                }
            }
            return print(
                    output,
                    new WhyTransaction(
                                    id,
                                    state.transactionState(),
                                    state.producerId(),
                                    state.transactionStartTimeMs(),
                                    state.transactionTimeoutMs(),
                                    System.currentTimeMillis(),
                                    partitions,
                                    leaderless)
                            .answer());
        }
    }

    @Command(
            description = "Why was a request denied? The last refusals of all brokers, and what the last one means.",
            mixinStandardHelpOptions = true)
    int request(
            @Mixin Connecting to,
            @Mixin Output output,
            @Option(
                            names = "--client",
                            paramLabel = "ID",
                            description =
                                    "Only those of clients whose client.id contains this. Default: all but brokers.")
                    @Nullable
                    String client,
            @Option(names = "--topic", paramLabel = "TOPIC", description = "Only those of this topic. Default: all.")
                    @Nullable
                    String topic)
            throws IOException {
        try (ClusterClient connection = to.connect()) {
            long nowMs = System.currentTimeMillis();
            List<Refusal> refusals = RefusalQuestions.all(connection).stream()
                    .filter(each ->
                            client == null ? !isBroker(each) : each.clientId().contains(client))
                    .filter(each -> topic == null || each.subject().equals(topic))
                    .map(each -> refusal(each, nowMs))
                    .toList();
            int from = Math.max(0, refusals.size() - REFUSALS_MAX);
            return print(output, new WhyRequest(refusals.subList(from, refusals.size())).answer());
        }
    }

    /** Brokers find out about changes of the cluster by what they are refused. */
    private static boolean isBroker(RefusedRequests refused) {
        return refused.clientId().matches("broker-\\d+");
    }

    private static Refusal refusal(RefusedRequests each, long nowMs) {
        return new Refusal(
                each.clientId() + " (" + each.clientHost() + ")",
                each.request(),
                each.error(),
                each.subject(),
                each.partition(),
                each.message(),
                each.count(),
                Math.max(0, nowMs - each.lastMs()));
    }

    private int print(Output output, Answer answer) {
        if (output.isJson()) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("findings", answer.findings());
            all.put("conclusion", answer.conclusion());
            all.put("advice", answer.advice());
            terminal.out().println(Json.of(all));
            return 0;
        }
        answer.findings().forEach(finding -> terminal.out().println("  " + finding));
        terminal.out().println("So: " + answer.conclusion());
        answer.advice().forEach(advice -> terminal.out().println("  - " + advice));
        return 0;
    }
}

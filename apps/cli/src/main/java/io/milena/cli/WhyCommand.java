package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.GroupQuestions;
import io.milena.cli.why.Answer;
import io.milena.cli.why.GroupState;
import io.milena.cli.why.WhyGroup;
import io.milena.cli.why.WhyPartition;
import io.milena.cli.why.WhyTransaction;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.DescribeTransactionsResponse.TopicData;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
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
            "  milena why transaction checkout-0"
        })
public final class WhyCommand {
    private static final byte TOPIC = 2;

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
            List<GroupState.Position> positions = new ArrayList<>();
            after.forEach((partition, now) -> {
                GroupQuestions.Position then = before.getOrDefault(partition, now);
                positions.add(new GroupState.Position(
                        partition,
                        members.owners().get(partition),
                        then.committed(),
                        then.end(),
                        now.committed(),
                        now.end()));
            });
            return print(
                    output,
                    new WhyGroup(new GroupState(name, members.state(), members.ids(), positions, watchMs)).answer());
        }
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

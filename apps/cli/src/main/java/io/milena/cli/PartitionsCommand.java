package io.milena.cli;

import io.milena.cli.PartitionPlan.Place;
import io.milena.cli.client.ClusterClient;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ElectLeadersRequest;
import io.milena.protocol.message.ElectLeadersRequest.TopicPartitions;
import io.milena.protocol.message.ElectLeadersResponse;
import io.milena.protocol.message.ElectLeadersResponse.PartitionResult;
import io.milena.protocol.message.ElectLeadersResponse.ReplicaElectionResult;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena partitions}: where they are, who leads them, and both can be changed. */
@Command(
        name = "partitions",
        description = "Lists partitions, moves them to other brokers and elects their leaders.",
        mixinStandardHelpOptions = true)
public final class PartitionsCommand {
    private static final int TIMEOUT_MS = 30_000;
    private static final int NO_LEADER = -1;

    private final Terminal terminal;

    PartitionsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Which election. */
    enum Election {
        preferred,
        unclean
    }

    @Command(
            description = "Lists partitions with their leaders, replicas and those in sync.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin Connecting to,
            @Mixin Output output,
            @Parameters(paramLabel = "TOPIC", arity = "0..*", description = "Only of these topics.") @Nullable
                    List<String> topics,
            @Option(names = "--under-replicated", description = "Only those of which replicas are not in sync.")
                    boolean isUnderReplicated,
            @Option(names = "--offline", description = "Only those without a leader.") boolean isOffline,
            @Option(names = "--reassigning", description = "Only those on their way to other brokers.")
                    boolean isReassigning)
            throws IOException {
        Map<Place, MetadataResponsePartition> found = new TreeMap<>();
        try (ClusterClient client = to.connect()) {
            Set<Place> moving = isReassigning ? Reassignment.underWay(client).keySet() : Set.of();
            new TreeMap<>(partitions(client, topics)).forEach((place, partition) -> {
                boolean isWanted = (!isUnderReplicated
                                || partition.isrNodes().size()
                                        < partition.replicaNodes().size())
                        && (!isOffline || partition.leaderId() == NO_LEADER)
                        && (!isReassigning || moving.contains(place));
                if (isWanted) {
                    found.put(place, partition);
                }
            });
        }
        if (output.isJson()) {
            List<Map<String, Object>> all = new ArrayList<>();
            found.forEach((place, partition) -> all.add(Json.fields(
                    "topic", place.topic(),
                    "partition", partition.partitionIndex(),
                    "leader", partition.leaderId(),
                    "replicas", partition.replicaNodes(),
                    "inSync", partition.isrNodes())));
            terminal.out().println(Json.of(all));
        } else {
            found.forEach((place, partition) -> terminal.out()
                    .println(place + "  leader " + (partition.leaderId() == NO_LEADER ? "none" : partition.leaderId())
                            + "  replicas " + partition.replicaNodes() + "  in sync " + partition.isrNodes()));
        }
        return 0;
    }

    private static Map<Place, MetadataResponsePartition> partitions(ClusterClient client, @Nullable List<String> topics)
            throws IOException {
        Map<Place, MetadataResponsePartition> all = new TreeMap<>();
        for (MetadataResponseTopic topic : client.metadata(topics).topics()) {
            ClusterClient.check(topic.errorCode(), "topic " + topic.name());
            topic.partitions()
                    .forEach(partition ->
                            all.put(new Place(String.valueOf(topic.name()), partition.partitionIndex()), partition));
        }
        return all;
    }

    @Command(
            description = "Moves partitions to other brokers, or calls that off. Readers and writers go on meanwhile.",
            mixinStandardHelpOptions = true)
    int reassign(
            @Mixin Connecting to,
            @Parameters(
                            paramLabel = "TOPIC:PARTITION=BROKER,...",
                            arity = "0..*",
                            description =
                                    "The brokers of a partition, the preferred leader first, as in orders:0=1,2,3. To call it off, without brokers.")
                    @Nullable
                    List<String> words,
            @Option(
                            names = "--plan",
                            paramLabel = "FILE",
                            description =
                                    "A plan in a file, in the form that kafka-reassign-partitions has. Default: what is named here.")
                    @Nullable
                    Path file,
            @Option(
                            names = "--throttle",
                            paramLabel = "BYTES",
                            converter = NotNegative.class,
                            description =
                                    "How many bytes a second each broker copies, and is copied from, at most. Default: no limit.")
                    @Nullable
                    Long bytesPerSecond,
            @Option(
                            names = "--cancel",
                            description =
                                    "Calls off what is under way, of the partitions that are named or of all, and takes limits away.")
                    boolean isCancelled,
            @Option(names = "--no-wait", description = "Does not wait until all is where it shall be.")
                    boolean isNotAwaited)
            throws IOException {
        PartitionPlan plan = PartitionPlan.of(words == null ? List.of() : words, file);
        try (ClusterClient client = to.connect()) {
            Reassignment reassignment = new Reassignment(client, terminal);
            if (isCancelled) {
                Set<Place> cancelled = reassignment.cancel(plan.brokers().keySet());
                terminal.out().println("Called off the moves of " + cancelled.size() + " partition(s)");
                return 0;
            }
            if (plan.isEmpty()) {
                throw new CommandFailure("nothing is to be moved; name partitions, as in orders:0=1,2,3, or a --plan");
            }
            reassignment.begin(plan.requireBrokers(), bytesPerSecond);
            if (isNotAwaited) {
                terminal.out()
                        .println("Began to move " + plan.brokers().size()
                                + " partition(s); 'milena partitions list --reassigning' shows what is left"
                                + (bytesPerSecond == null
                                        ? ""
                                        : ", and 'milena partitions reassign --cancel' takes the limit away"));
            } else {
                reassignment.await(plan, bytesPerSecond != null);
            }
        }
        return 0;
    }

    @Command(
            description = "Elects leaders: the preferred ones, which are first in the list of replicas, or any.",
            mixinStandardHelpOptions = true)
    int elect(
            @Mixin Connecting to,
            @Parameters(
                            paramLabel = "TOPIC:PARTITION",
                            arity = "0..*",
                            description = "The partitions. Without any: all that need an election.")
                    @Nullable
                    List<String> words,
            @Option(
                            names = "--type",
                            paramLabel = "TYPE",
                            defaultValue = "preferred",
                            description =
                                    "preferred, or unclean: where nobody leads, a replica that is not in sync may, and records may be lost. Default: ${DEFAULT-VALUE}.")
                    Election type)
            throws IOException {
        PartitionPlan plan = PartitionPlan.named(words == null ? List.of() : words);
        ElectLeadersRequest request = ElectLeadersRequest.builder()
                .electionType((byte) (type == Election.preferred ? 0 : 1))
                .topicPartitions(plan.isEmpty() ? null : topicPartitions(plan))
                .timeoutMs(TIMEOUT_MS)
                .build();
        try (ClusterClient client = to.connect()) {
            ElectLeadersResponse response = client.sendToController(request, ElectLeadersResponse.class);
            ClusterClient.check(response.errorCode(), "election");
            int elected = 0;
            for (ReplicaElectionResult topic : response.replicaElectionResults()) {
                for (PartitionResult partition : topic.partitionResult()) {
                    if (partition.errorCode() == ErrorCode.NONE.code()) {
                        elected++;
                    } else if (partition.errorCode() != ErrorCode.ELECTION_NOT_NEEDED.code()) {
                        ClusterClient.check(
                                partition.errorCode(),
                                "partition " + new Place(topic.topic(), partition.partitionId()),
                                partition.errorMessage());
                    }
                }
            }
            terminal.out().println("Elected " + elected + " leader(s)");
        }
        return 0;
    }

    private static List<TopicPartitions> topicPartitions(PartitionPlan plan) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        plan.brokers()
                .keySet()
                .forEach(place -> topics.computeIfAbsent(place.topic(), name -> new ArrayList<>())
                        .add(place.partition()));
        return topics.entrySet().stream()
                .map(topic -> new TopicPartitions(topic.getKey(), topic.getValue()))
                .toList();
    }
}

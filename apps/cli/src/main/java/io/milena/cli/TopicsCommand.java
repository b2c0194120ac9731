package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.CreatePartitionsRequest;
import io.milena.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.milena.protocol.message.CreatePartitionsResponse;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.milena.protocol.message.DeleteTopicsRequest;
import io.milena.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.milena.protocol.message.DeleteTopicsResponse;
import io.milena.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.milena.protocol.message.IncrementalAlterConfigsRequest;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.milena.protocol.message.IncrementalAlterConfigsResponse;
import io.milena.protocol.message.ListDeletedTopicsResponse.DeletedTopic;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.protocol.message.RestoreTopicResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena topics}: what there is, and what should be. */
@Command(
        name = "topics",
        description = "Creates, lists, describes, changes, deletes and restores topics.",
        mixinStandardHelpOptions = true)
public final class TopicsCommand {
    private static final byte TOPIC = 2;
    private static final byte TOPIC_SOURCE = 1;
    private static final byte SET = 0;
    private static final byte RESET = 1;
    private static final int TIMEOUT_MS = 30_000;

    private final Terminal terminal;

    TopicsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "Lists the topics.", mixinStandardHelpOptions = true)
    int list(@Mixin Connecting to, @Mixin Output output) throws IOException {
        try (ClusterClient client = to.connect()) {
            List<String> names = client.metadata(null).topics().stream()
                    .map(topic -> String.valueOf(topic.name()))
                    .sorted()
                    .toList();
            if (output.isJson()) {
                terminal.out().println(Json.of(names));
            } else {
                names.forEach(terminal.out()::println);
            }
        }
        return 0;
    }

    @Command(description = "Creates a topic.", mixinStandardHelpOptions = true)
    int create(
            @Mixin Connecting to,
            @Parameters(paramLabel = "TOPIC", description = "Its name.") String name,
            @Option(
                            names = "--partitions",
                            paramLabel = "N",
                            defaultValue = "-1",
                            description = "How many. Default: the broker's num.partitions.")
                    int partitions,
            @Option(
                            names = {"--replicas", "--replication-factor"},
                            paramLabel = "N",
                            defaultValue = "-1",
                            description = "On how many brokers each is. Default: their default.replication.factor.")
                    short replicas,
            @Option(
                            names = {"--set", "--config"},
                            paramLabel = "NAME=VALUE",
                            description = "A topic setting under Kafka's name; may be repeated.")
                    Map<String, String> settings)
            throws IOException {
        List<CreatableTopicConfig> configs = new ArrayList<>();
        if (settings != null) {
            settings.forEach((key, value) -> configs.add(new CreatableTopicConfig(key, value)));
        }
        CreateTopicsRequest request = CreateTopicsRequest.builder()
                .topics(List.of(CreatableTopic.builder()
                        .name(name)
                        .numPartitions(partitions)
                        .replicationFactor(replicas)
                        .configs(configs)
                        .build()))
                .timeoutMs(TIMEOUT_MS)
                .build();
        try (ClusterClient client = to.connect()) {
            CreatableTopicResult result = client.sendToController(request, CreateTopicsResponse.class)
                    .topics()
                    .getFirst();
            ClusterClient.check(result.errorCode(), "topic " + name, result.errorMessage());
            terminal.out().println("Created " + name + " with " + result.numPartitions() + " partition(s)");
        }
        return 0;
    }

    @Command(description = "Deletes topics.", mixinStandardHelpOptions = true)
    int delete(
            @Mixin Connecting to,
            @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "The topics to delete, with their records.")
                    List<String> names)
            throws IOException {
        DeleteTopicsRequest request = DeleteTopicsRequest.builder()
                .topics(names.stream()
                        .map(name -> DeleteTopicState.builder().name(name).build())
                        .toList())
                .topicNames(List.of())
                .timeoutMs(TIMEOUT_MS)
                .build();
        try (ClusterClient client = to.connect()) {
            List<DeletableTopicResult> results =
                    client.sendToController(request, DeleteTopicsResponse.class).responses();
            DeletedTopics trash = DeletedTopics.of(client);
            List<DeletedTopic> kept = trash == null ? List.of() : trash.list();
            for (DeletableTopicResult result : results) {
                if (result.errorCode() == ErrorCode.NONE.code()) {
                    terminal.out().println("Deleted " + result.name() + DeletedTopics.wayBack(result.topicId(), kept));
                }
            }
            for (DeletableTopicResult result : results) {
                ClusterClient.check(result.errorCode(), "topic " + result.name(), result.errorMessage());
            }
        }
        return 0;
    }

    @Command(
            description = "Lists the deleted topics that can be restored, the longest deleted first.",
            mixinStandardHelpOptions = true)
    int deleted(@Mixin Connecting to, @Mixin Output output) throws IOException {
        try (ClusterClient client = to.connect()) {
            List<DeletedTopic> all = DeletedTopics.require(client).list();
            if (output.isJson()) {
                terminal.out()
                        .println(Json.of(all.stream().map(DeletedTopics::json).toList()));
            } else {
                DeletedTopics.table(all).forEach(terminal.out()::println);
            }
        }
        return 0;
    }

    /** Which deleted topic: one of these. */
    static final class Which {
        @Parameters(paramLabel = "TOPIC", description = "The name that the topic had.")
        private @Nullable String name;

        @Option(
                names = "--id",
                required = true,
                paramLabel = "ID",
                converter = TopicId.class,
                description = "Its id, where several deleted topics had the same name.")
        private @Nullable UUID id;
    }

    @Command(
            description = {
                "Brings a deleted topic back, with its id, settings and records. Groups go on in it where they had committed."
            },
            mixinStandardHelpOptions = true)
    int restore(
            @Mixin Connecting to,
            @ArgGroup(exclusive = true, multiplicity = "1") Which which,
            @Option(
                            names = "--as",
                            paramLabel = "NAME",
                            description = "The name that it gets. Default: the one that it had.")
                    @Nullable
                    String newName)
            throws IOException {
        RestoreTopicRequest request =
                new RestoreTopicRequest(which.name, which.id == null ? Uuids.ZERO : which.id, newName);
        try (ClusterClient client = to.connect()) {
            RestoreTopicResponse restored = DeletedTopics.require(client).restore(request);
            terminal.out()
                    .println("Restored " + restored.name() + " with " + restored.partitions()
                            + " partition(s); groups go on where they had committed");
        }
        return 0;
    }

    @Command(description = "Shows partitions, leaders and settings of topics.", mixinStandardHelpOptions = true)
    int describe(
            @Mixin Connecting to,
            @Mixin Output output,
            @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "The topics to show.") List<String> names)
            throws IOException {
        List<Map<String, Object>> described = new ArrayList<>();
        try (ClusterClient client = to.connect()) {
            for (String name : names) {
                MetadataResponseTopic topic = client.topic(name);
                Map<String, String> settings = settings(client, name);
                if (output.isJson()) {
                    described.add(json(name, topic, settings));
                } else {
                    print(name, topic, settings);
                }
            }
        }
        if (output.isJson()) {
            terminal.out().println(Json.of(described));
        }
        return 0;
    }

    private void print(String name, MetadataResponseTopic topic, Map<String, String> settings) {
        terminal.out().println("Topic " + name + ": " + topic.partitions().size() + " partition(s)");
        settings.forEach((setting, value) -> terminal.out().println("  " + setting + "=" + value));
        for (MetadataResponsePartition partition : topic.partitions()) {
            terminal.out()
                    .println("  partition " + partition.partitionIndex() + "  leader " + partition.leaderId()
                            + "  replicas " + partition.replicaNodes() + "  in sync " + partition.isrNodes());
        }
    }

    private static Map<String, Object> json(String name, MetadataResponseTopic topic, Map<String, String> settings) {
        return Json.fields(
                "topic",
                name,
                "id",
                Uuids.text(topic.topicId()),
                "settings",
                settings,
                "partitions",
                topic.partitions().stream()
                        .map(partition -> Json.fields(
                                "partition", partition.partitionIndex(),
                                "leader", partition.leaderId(),
                                "replicas", partition.replicaNodes(),
                                "inSync", partition.isrNodes()))
                        .toList());
    }

    /** What was set for the topic itself. */
    private static Map<String, String> settings(ClusterClient client, String name) throws IOException {
        DescribeConfigsRequest request = DescribeConfigsRequest.builder()
                .resources(List.of(DescribeConfigsResource.builder()
                        .resourceType(TOPIC)
                        .resourceName(name)
                        .configurationKeys(null)
                        .build()))
                .build();
        Map<String, String> settings = new LinkedHashMap<>();
        for (DescribeConfigsResourceResult config : client.send(request, DescribeConfigsResponse.class)
                .results()
                .getFirst()
                .configs()) {
            if (config.configSource() == TOPIC_SOURCE) {
                settings.put(config.name(), String.valueOf(config.value()));
            }
        }
        return settings;
    }

    /** What shall be different: at least one of these. */
    static final class Changes {
        @Option(
                names = "--partitions",
                paramLabel = "N",
                description = "How many there shall be in all; there cannot be fewer than before.")
        private @Nullable Integer partitions;

        @Option(
                names = {"--set", "--config"},
                paramLabel = "NAME=VALUE",
                description = "A topic setting under Kafka's name; may be repeated.")
        private Map<String, String> set = new LinkedHashMap<>();

        @Option(
                names = {"--unset", "--delete-config"},
                paramLabel = "NAME",
                description = "A topic setting that goes back to its default; may be repeated.")
        private List<String> unset = new ArrayList<>();

        private List<AlterableConfig> configs() {
            List<AlterableConfig> configs = new ArrayList<>();
            set.forEach((key, value) -> configs.add(new AlterableConfig(key, SET, value)));
            unset.forEach(key -> configs.add(new AlterableConfig(key, RESET, null)));
            return configs;
        }
    }

    @Command(description = "Adds partitions to a topic, and changes its settings.", mixinStandardHelpOptions = true)
    int alter(
            @Mixin Connecting to,
            @Parameters(paramLabel = "TOPIC", description = "The topic to change.") String name,
            @ArgGroup(exclusive = false, multiplicity = "1") Changes changes)
            throws IOException {
        List<AlterableConfig> configs = changes.configs();
        try (ClusterClient client = to.connect()) {
            if (changes.partitions != null) {
                grow(client, name, changes.partitions);
            }
            if (!configs.isEmpty()) {
                configure(client, name, configs);
            }
        }
        terminal.out().println("Changed " + name);
        return 0;
    }

    private static void grow(ClusterClient client, String name, int partitions) throws IOException {
        CreatePartitionsRequest request = CreatePartitionsRequest.builder()
                .topics(List.of(new CreatePartitionsTopic(name, partitions, null)))
                .timeoutMs(TIMEOUT_MS)
                .build();
        var result = client.sendToController(request, CreatePartitionsResponse.class)
                .results()
                .getFirst();
        ClusterClient.check(result.errorCode(), "topic " + name, result.errorMessage());
    }

    private static void configure(ClusterClient client, String name, List<AlterableConfig> configs) throws IOException {
        IncrementalAlterConfigsRequest request = IncrementalAlterConfigsRequest.builder()
                .resources(List.of(new AlterConfigsResource(TOPIC, name, configs)))
                .build();
        var result = client.sendToController(request, IncrementalAlterConfigsResponse.class)
                .responses()
                .getFirst();
        ClusterClient.check(result.errorCode(), "topic " + name, result.errorMessage());
    }
}

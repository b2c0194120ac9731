package io.milena.cli.measure;

import io.milena.cli.CommandFailure;
import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.GroupQuestions;
import io.milena.cli.client.LagQuestions;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes samples with Kafka's requests: one to each broker for ends, sizes and groups, two for each group; and, where brokers are Milena's, one to each leader for each group. */
final class Sampler {
    private static final long LATEST = -1;
    private static final long NANOS_PER_MS = 1_000_000;

    private final ClusterClient client;
    private final LagQuestions lags;

    Sampler(ClusterClient client) throws IOException {
        this.client = client;
        this.lags = new LagQuestions(client);
    }

    private record Partition(String topic, int index) {}

    /** Without internal topics. */
    Sample take() throws IOException {
        MetadataResponse metadata = client.metadata(null);
        Map<Partition, Integer> leaders = new HashMap<>();
        Map<Integer, List<MetadataResponseTopic>> byLeader = new TreeMap<>();
        for (MetadataResponseTopic topic : metadata.topics()) {
            if (!topic.isInternal()) {
                Map<Integer, List<MetadataResponsePartition>> led = new TreeMap<>();
                for (MetadataResponsePartition partition : topic.partitions()) {
                    leaders.put(
                            new Partition(String.valueOf(topic.name()), partition.partitionIndex()),
                            partition.leaderId());
                    led.computeIfAbsent(partition.leaderId(), _ -> new ArrayList<>())
                            .add(partition);
                }
                led.forEach((leader, partitions) -> byLeader.computeIfAbsent(leader, _ -> new ArrayList<>())
                        .add(topic.toBuilder().partitions(partitions).build()));
            }
        }
        Map<Partition, Long> ends = new HashMap<>();
        Map<Partition, Long> sizes = new HashMap<>();
        long atMs = System.nanoTime() / NANOS_PER_MS;
        for (MetadataResponseBroker broker : metadata.brokers()) {
            addEnds(broker, byLeader.getOrDefault(broker.nodeId(), List.of()), ends);
            addSizes(broker, leaders, sizes);
        }
        return new Sample(atMs, metadata.brokers().size(), topics(leaders, ends, sizes), groups(metadata, ends));
    }

    private void addEnds(MetadataResponseBroker broker, List<MetadataResponseTopic> topics, Map<Partition, Long> ends)
            throws IOException {
        if (topics.isEmpty()) {
            return;
        }
        List<ListOffsetsTopic> asked = new ArrayList<>();
        for (MetadataResponseTopic topic : topics) {
            asked.add(new ListOffsetsTopic(
                    String.valueOf(topic.name()),
                    topic.partitions().stream()
                            .map(partition -> ListOffsetsPartition.builder()
                                    .partitionIndex(partition.partitionIndex())
                                    .timestamp(LATEST)
                                    .build())
                            .toList()));
        }
        ListOffsetsRequest request =
                ListOffsetsRequest.builder().replicaId(-1).topics(asked).build();
        client.sendTo(broker, request, ListOffsetsResponse.class)
                .topics()
                .forEach(topic -> topic.partitions().forEach(partition -> {
                    if (partition.errorCode() == ErrorCode.NONE.code()) {
                        ends.put(new Partition(topic.name(), partition.partitionIndex()), partition.offset());
                    }
                }));
    }

    private void addSizes(MetadataResponseBroker broker, Map<Partition, Integer> leaders, Map<Partition, Long> sizes)
            throws IOException {
        DescribeLogDirsRequest request =
                DescribeLogDirsRequest.builder().topics(null).build();
        client.sendTo(broker, request, DescribeLogDirsResponse.class)
                .results()
                .forEach(folder -> folder.topics()
                        .forEach(topic -> topic.partitions().forEach(log -> {
                            Partition partition = new Partition(topic.name(), log.partitionIndex());
                            if (!log.isFutureKey() && leaders.getOrDefault(partition, -1) == broker.nodeId()) {
                                sizes.put(partition, log.partitionSize());
                            }
                        })));
    }

    private static Map<String, Sample.Topic> topics(
            Map<Partition, Integer> leaders, Map<Partition, Long> ends, Map<Partition, Long> sizes) {
        Map<String, Sample.Topic> topics = new TreeMap<>();
        for (Partition partition : leaders.keySet()) {
            topics.merge(
                    partition.topic(),
                    new Sample.Topic(1, ends.getOrDefault(partition, 0L), sizes.getOrDefault(partition, 0L)),
                    (a, b) -> new Sample.Topic(
                            a.partitions() + b.partitions(), a.records() + b.records(), a.bytes() + b.bytes()));
        }
        return topics;
    }

    private Map<String, Sample.Group> groups(MetadataResponse metadata, Map<Partition, Long> ends) throws IOException {
        Map<String, Sample.Group> groups = new LinkedHashMap<>();
        for (MetadataResponseBroker broker : metadata.brokers()) {
            for (var listed : client.sendTo(broker, ListGroupsRequest.builder().build(), ListGroupsResponse.class)
                    .groups()) {
                GroupQuestions questions = new GroupQuestions(client, listed.groupId());
                try {
                    int members = questions.members().ids().size();
                    Map<String, Map<Integer, Long>> committed = questions.committed();
                    groups.put(listed.groupId(), group(members, committed, ends, lags.unread(metadata, committed)));
                } catch (CommandFailure gone) {
                    // deleted since it was listed, or on the move: the next sample tells
                }
            }
        }
        return groups;
    }

    private static Sample.Group group(
            int members,
            Map<String, Map<Integer, Long>> committed,
            Map<Partition, Long> ends,
            Map<String, Map<Integer, Long>> unread) {
        Map<String, Long> lags = new TreeMap<>();
        long sum = 0;
        for (Map.Entry<String, Map<Integer, Long>> topic : committed.entrySet()) {
            for (Map.Entry<Integer, Long> partition : topic.getValue().entrySet()) {
                long offset = Math.max(0, partition.getValue());
                Long end = ends.get(new Partition(topic.getKey(), partition.getKey()));
                long behind = end == null ? 0 : Math.max(0, end - offset);
                Long told = unread.getOrDefault(topic.getKey(), Map.of()).get(partition.getKey());
                lags.merge(topic.getKey(), told == null ? behind : told, Long::sum);
                sum += offset;
            }
        }
        return new Sample.Group(
                members, lags.values().stream().mapToLong(Long::longValue).sum(), sum, lags);
    }
}

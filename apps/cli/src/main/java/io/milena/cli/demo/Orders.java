package io.milena.cli.demo;

import io.milena.cli.CommandFailure;
import io.milena.cli.client.ClusterAddress;
import io.milena.cli.client.ClusterClient;
import io.milena.protocol.Payload;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.protocol.message.ProduceResponse;
import io.milena.records.Murmur2;
import io.milena.records.RecordBatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What is done with the topic of orders, and asked about it. Whatever fails is tried again through another broker, for as long as a client of the field would. Used by one thread. */
public final class Orders {
    static final String TOPIC = "orders";
    static final int PARTITIONS = 3;
    private static final short REPLICAS = 2;
    /** The last version in which topics go by name. */
    private static final int PRODUCE_VERSION_MAX = 12;

    private static final int OFFSETS_VERSION_MAX = 7;
    private static final int TIMEOUT_MS = 10_000;
    private static final long PATIENCE_MS = 60_000;
    private static final long AGAIN_MS = 20;

    private final String bootstrapServers;

    public Orders(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Something to do with a cluster. */
    @FunctionalInterface
    interface Work<T> {
        T with(ClusterClient client) throws IOException;
    }

    private <T> T persistently(Work<T> work) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (true) {
            try (ClusterClient client = ClusterClient.connect(ClusterAddress.parse(bootstrapServers))) {
                return work.with(client);
            } catch (IOException | CommandFailure e) {
                if (System.nanoTime() > end) {
                    throw new CommandFailure("the cluster does not answer: " + e.getMessage());
                }
                Thread.sleep(AGAIN_MS);
            }
        }
    }

    void create() throws InterruptedException {
        CreateTopicsRequest request = CreateTopicsRequest.builder()
                .topics(List.of(CreatableTopic.builder()
                        .name(TOPIC)
                        .numPartitions(PARTITIONS)
                        .replicationFactor(REPLICAS)
                        .build()))
                .timeoutMs(TIMEOUT_MS)
                .build();
        persistently(client -> {
            var result = client.sendToController(request, CreateTopicsResponse.class)
                    .topics()
                    .getFirst();
            ClusterClient.check(result.errorCode(), "topic " + TOPIC, result.errorMessage());
            return result;
        });
    }

    /** Leader, replicas and in-sync replicas of each partition. */
    List<MetadataResponsePartition> partitions() throws InterruptedException {
        return persistently(client -> client.topic(TOPIC).partitions());
    }

    static int partitionOf(String key) {
        return Murmur2.partition(bytes(key), PARTITIONS);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With {@code acks=all}; returns when it is acknowledged. */
    Order send(String name, String key) throws InterruptedException {
        int partition = partitionOf(key);
        return persistently(client -> {
            ByteBuffer batch = new RecordBatchBuilder()
                    .append(System.currentTimeMillis(), bytes(key), bytes(name))
                    .build()
                    .buffer();
            ProduceRequest request = ProduceRequest.builder()
                    .acks((short) -1)
                    .timeoutMs(TIMEOUT_MS)
                    .topicData(List.of(TopicProduceData.builder()
                            .name(TOPIC)
                            .partitionData(List.of(new PartitionProduceData(partition, new Payload.InMemory(batch))))
                            .build()))
                    .build();
            var result = client.sendToLeader(
                            client.topic(TOPIC).partitions().get(partition),
                            request,
                            PRODUCE_VERSION_MAX,
                            ProduceResponse.class)
                    .responses()
                    .getFirst()
                    .partitionResponses()
                    .getFirst();
            ClusterClient.check(result.errorCode(), TOPIC + "-" + partition, result.errorMessage());
            return new Order(name, key, partition, result.baseOffset());
        });
    }

    /** By partition, where the group has committed something. */
    Map<Integer, Long> committed(String group) throws InterruptedException {
        return persistently(client -> committed(client, group));
    }

    static Map<Integer, Long> committed(ClusterClient client, String group) throws IOException {
        OffsetFetchRequest request =
                OffsetFetchRequest.builder().groupId(group).topics(null).build();
        OffsetFetchResponse response =
                client.sendToCoordinator(group, request, OFFSETS_VERSION_MAX, OffsetFetchResponse.class);
        ClusterClient.check(response.errorCode(), "group " + group);
        Map<Integer, Long> offsets = new TreeMap<>();
        response.topics()
                .forEach(topic ->
                        topic.partitions().forEach(each -> offsets.put(each.partitionIndex(), each.committedOffset())));
        return offsets;
    }
}

package io.milena.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** A topic of one partition, asked in the words of the protocol: whole batches go in and come out. For one thread. */
final class RawPartition implements AutoCloseable {
    /** The last versions that name the topic. */
    private static final int PRODUCE = 12;

    private static final int FETCH = 12;
    private static final int LIST_OFFSETS = 9;
    private static final int FETCH_BYTES_MAX = 50 << 20;

    private final Wire wire = new Wire();
    private final String topic;

    private RawPartition(String topic) {
        this.topic = topic;
    }

    static RawPartition create(Map<String, String> settings) {
        RawPartition created = new RawPartition(BrokerUnderTest.newTopic(1, settings));
        // Apache Kafka's brokers learn of a topic a moment after its creation is answered
        BrokerUnderTest.await(
                created.topic + " is known", () -> created.offset(-1).errorCode() == Errors.NONE.code());
        return created;
    }

    String topic() {
        return topic;
    }

    PartitionProduceResponse produce(MemoryRecords records) {
        return produce(records, PRODUCE);
    }

    PartitionProduceResponse produce(MemoryRecords records, int version) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName(topic)
                .setPartitionData(List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(30_000)
                .setTopicData(topics);
        return wire.ask(request, version, ProduceResponseData::new)
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .getFirst();
    }

    /** Produces one batch that must be accepted; answers its offset. */
    long append(MemoryRecords records) {
        PartitionProduceResponse response = produce(records);
        assertEquals(Errors.NONE, Errors.forCode(response.errorCode()), () -> response + " to " + topic);
        return response.baseOffset();
    }

    /** One batch with one record. */
    long append(long timestampMs, String key, String value) {
        return append(MemoryRecords.withRecords(Compression.NONE, record(timestampMs, key, value)));
    }

    static SimpleRecord record(long timestampMs, @Nullable String key, @Nullable String value) {
        return new SimpleRecord(
                timestampMs, key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
    }

    FetchResponseData.PartitionData fetch(long offset, int bytesMax) {
        FetchTopic wanted = new FetchTopic()
                .setTopic(topic)
                .setPartitions(List.of(new FetchPartition()
                        .setPartition(0)
                        .setFetchOffset(offset)
                        .setCurrentLeaderEpoch(-1)
                        .setLastFetchedEpoch(-1)
                        .setLogStartOffset(-1)
                        .setPartitionMaxBytes(bytesMax)));
        FetchRequestData request = new FetchRequestData()
                .setReplicaId(-1)
                .setMaxWaitMs(0)
                .setMinBytes(0)
                .setMaxBytes(bytesMax)
                .setSessionEpoch(-1)
                .setTopics(List.of(wanted));
        return wire.ask(request, FETCH, FetchResponseData::new)
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
    }

    /** All batches, as they are stored, from the log start offset to the high watermark. */
    List<RecordBatch> batches() {
        List<RecordBatch> all = new ArrayList<>();
        long next = start();
        long end = end();
        while (next < end) {
            FetchResponseData.PartitionData answer = fetch(next, FETCH_BYTES_MAX);
            assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()), topic);
            for (RecordBatch batch : ((Records) answer.records()).batches()) {
                all.add(batch);
                next = batch.nextOffset();
            }
        }
        return all;
    }

    /** Where the segments start, as a fetch tells: it ends with its segment. */
    List<Long> segments() {
        List<Long> starts = new ArrayList<>();
        long next = start();
        long end = end();
        while (next < end) {
            starts.add(next);
            for (RecordBatch batch : ((Records) fetch(next, FETCH_BYTES_MAX).records()).batches()) {
                next = batch.nextOffset();
            }
        }
        return starts;
    }

    /** What the segments of the log hold, as DescribeLogDirs tells. */
    long sizeInBytes() {
        try (Admin admin = BrokerUnderTest.admin()) {
            int node = admin.describeCluster().nodes().get().iterator().next().id();
            return admin.describeLogDirs(List.of(node)).allDescriptions().get().get(node).values().stream()
                    .map(directory -> directory.replicaInfos().get(new TopicPartition(topic, 0)))
                    .filter(Objects::nonNull)
                    .mapToLong(ReplicaInfo::size)
                    .sum();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The records that a consumer gets. */
    List<Record> records() {
        long start = start();
        List<Record> all = new ArrayList<>();
        for (RecordBatch batch : batches()) {
            for (Record record : batch) {
                if (record.offset() >= start) {
                    all.add(record);
                }
            }
        }
        return all;
    }

    /** Each record as {@code offset:key=value}. */
    List<String> contents() {
        return records().stream()
                .map(record -> record.offset() + ":" + text(record.hasKey(), record.key()) + "="
                        + text(record.hasValue(), record.value()))
                .toList();
    }

    private static String text(boolean isThere, ByteBuffer bytes) {
        return isThere ? UTF_8.decode(bytes).toString() : "null";
    }

    long start() {
        return offset(-2).offset();
    }

    long end() {
        return offset(-1).offset();
    }

    ListOffsetsPartitionResponse offset(long timestampMs) {
        return offset(timestampMs, LIST_OFFSETS);
    }

    ListOffsetsPartitionResponse offset(long timestampMs, int version) {
        ListOffsetsTopic asked = new ListOffsetsTopic()
                .setName(topic)
                .setPartitions(List.of(new ListOffsetsPartition()
                        .setPartitionIndex(0)
                        .setCurrentLeaderEpoch(-1)
                        .setTimestamp(timestampMs)));
        ListOffsetsRequestData request =
                new ListOffsetsRequestData().setReplicaId(-1).setTopics(List.of(asked));
        return wire.ask(request, version, ListOffsetsResponseData::new)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }

    /** DeleteRecords; -1 stands for the high watermark. Answers the new log start offset. */
    long deleteBefore(long offset) {
        try (Admin admin = BrokerUnderTest.admin()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            return admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .lowWatermarks()
                    .get(partition)
                    .get()
                    .lowWatermark();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ApiException refused ? refused : new IllegalStateException(e);
        }
    }

    /** Waits until the log starts at an offset, as it does when retention has taken what is below. */
    void awaitStart(long offset) {
        BrokerUnderTest.await(topic + " starts at " + offset, () -> start() == offset);
    }

    void set(String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        try (Admin admin = BrokerUnderTest.admin()) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(change)))
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}

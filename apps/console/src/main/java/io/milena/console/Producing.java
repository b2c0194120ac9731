package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.milena.records.Murmur2;
import io.milena.records.RecordBatchBuilder;
import io.milena.records.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Writes records to a topic with {@code acks=all}, one batch for each partition. A batch whose answer is lost is not written again. Safe for use by many threads. */
final class Producing {
    private static final int TIMEOUT_MS = 30_000;
    private static final short ACKS_ALL = -1;

    private final Cluster cluster;
    /** Where the next batch of records without a key goes. */
    private final AtomicInteger turn = new AtomicInteger();

    Producing(Cluster cluster) {
        this.cluster = cluster;
    }

    /** A record that is to be written; a partition of -1 leaves the choice to its key. */
    record NewRecord(
            int partition,
            long timestampMs,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {}

    /**
     * Where a record is, or why it is not.
     *
     * @param offset -1 where there is an error
     */
    record Written(int partition, long offset, @Nullable String error) {}

    /** One batch on its way: the records by their places in what was asked for. */
    private static final class Batch {
        private final RecordBatchBuilder builder = new RecordBatchBuilder();
        private final List<Integer> places = new ArrayList<>();
    }

    /** Writes the records and answers where each is, in their order. */
    List<Written> write(MetadataResponseTopic topic, List<NewRecord> records) throws BadRequest {
        Map<Integer, Batch> batches = new TreeMap<>();
        int partitions = topic.partitions().size();
        int forThoseWithoutKey = Math.floorMod(turn.getAndIncrement(), partitions);
        for (int i = 0; i < records.size(); i++) {
            NewRecord record = records.get(i);
            ByteBuffer key = record.key;
            int partition = record.partition >= 0
                    ? record.partition
                    : key == null ? forThoseWithoutKey : Murmur2.partition(key, partitions);
            Batch batch = batches.computeIfAbsent(partition, index -> new Batch());
            batch.builder.append(record.timestampMs, key, record.value, record.headers);
            batch.places.add(i);
        }
        Written[] written = new Written[records.size()];
        for (Map.Entry<Integer, Batch> each : batches.entrySet()) {
            int partition = each.getKey();
            PartitionProduceResponse answer = write(topic, partition, each.getValue());
            String error = answer.errorCode() == ErrorCode.NONE.code() ? null : words(answer);
            List<Integer> places = each.getValue().places;
            for (int i = 0; i < places.size(); i++) {
                written[places.get(i)] = new Written(partition, error == null ? answer.baseOffset() + i : -1, error);
            }
        }
        return List.of(written);
    }

    private static String words(PartitionProduceResponse answer) {
        String name = ErrorCode.of(answer.errorCode()).name();
        return answer.errorMessage() == null ? name : name + ": " + answer.errorMessage();
    }

    private PartitionProduceResponse write(MetadataResponseTopic topic, int partition, Batch batch) throws BadRequest {
        Payload records = new Payload.InMemory(batch.builder.build().buffer());
        ProduceRequest request = ProduceRequest.builder()
                .acks(ACKS_ALL)
                .timeoutMs(TIMEOUT_MS)
                .topicData(List.of(new TopicProduceData(
                        Cluster.name(topic), topic.topicId(), List.of(new PartitionProduceData(partition, records)))))
                .build();
        return cluster.ask(RecordReader.leader(topic, partition), request, ProduceResponse.class)
                .responses()
                .getFirst()
                .partitionResponses()
                .getFirst();
    }
}

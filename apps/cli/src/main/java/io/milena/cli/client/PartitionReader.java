package io.milena.cli.client;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads one partition from its leader, from an offset on. */
public final class PartitionReader {
    /** The last version in which topics go by name. */
    private static final int VERSION_MAX = 12;

    private static final int BYTES_MAX = 8 << 20;

    private final ClusterClient client;
    private final String topic;
    private MetadataResponsePartition partition;
    private long position;

    public PartitionReader(ClusterClient client, String topic, MetadataResponsePartition partition, long position) {
        this.client = client;
        this.topic = topic;
        this.partition = partition;
        this.position = position;
    }

    public String topic() {
        return topic;
    }

    public int index() {
        return partition.partitionIndex();
    }

    /** Where the next read begins. */
    public long position() {
        return position;
    }

    /** What is there, in order; nothing, if nothing comes within {@code waitMs}, or another broker is to be asked next. */
    public List<Record> read(int waitMs) throws IOException {
        if (partition.leaderId() < 0) {
            partition = client.nextLeader(topic, partition);
            return List.of();
        }
        FetchRequest request = FetchRequest.builder()
                .maxWaitMs(waitMs)
                .minBytes(1)
                .maxBytes(BYTES_MAX)
                .sessionEpoch(-1)
                .topics(List.of(FetchTopic.builder()
                        .topic(topic)
                        .partitions(List.of(FetchPartition.builder()
                                .partition(partition.partitionIndex())
                                .fetchOffset(position)
                                .partitionMaxBytes(BYTES_MAX)
                                .build()))
                        .build()))
                .build();
        FetchResponse response = client.sendToLeader(partition, request, VERSION_MAX, FetchResponse.class);
        ClusterClient.check(response.errorCode(), topic);
        PartitionData data = response.responses().getFirst().partitions().getFirst();
        if (data.errorCode() == ErrorCode.OFFSET_OUT_OF_RANGE.code()) {
            position = new OffsetQuestions(client, topic).earliest(partition);
            return List.of();
        }
        if (ClusterClient.isOfAnotherLeader(data.errorCode())) {
            partition = client.nextLeader(topic, partition);
            return List.of();
        }
        ClusterClient.check(data.errorCode(), "partition " + partition.partitionIndex() + " of " + topic);
        return data.records() instanceof Payload.InMemory(ByteBuffer bytes) ? records(bytes) : List.of();
    }

    private List<Record> records(ByteBuffer bytes) {
        List<Record> records = new ArrayList<>();
        long from = position;
        for (RecordBatch batch : RecordBatches.of(bytes)) {
            if (!batch.isControl()) {
                for (Record record : batch.records()) {
                    if (record.offset() >= from) {
                        records.add(record);
                    }
                }
            }
            position = batch.nextOffset();
        }
        return records;
    }
}

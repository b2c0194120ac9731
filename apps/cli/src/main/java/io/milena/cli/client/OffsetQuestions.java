package io.milena.cli.client;

import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import java.io.IOException;
import java.util.List;

/** Asks where the partitions of a topic begin and end. */
public final class OffsetQuestions {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;

    private final ClusterClient client;
    private final String topic;

    public OffsetQuestions(ClusterClient client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    public long earliest(MetadataResponsePartition partition) throws IOException {
        return ask(partition, EARLIEST);
    }

    public long latest(MetadataResponsePartition partition) throws IOException {
        return ask(partition, LATEST);
    }

    /** The first offset that is not earlier than {@code timestampMs}; the end when there is none. */
    public long atTime(MetadataResponsePartition partition, long timestampMs) throws IOException {
        long found = ask(partition, timestampMs);
        return found < 0 ? latest(partition) : found;
    }

    private long ask(MetadataResponsePartition partition, long timestamp) throws IOException {
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(new ListOffsetsTopic(
                        topic,
                        List.of(ListOffsetsPartition.builder()
                                .partitionIndex(partition.partitionIndex())
                                .timestamp(timestamp)
                                .build()))))
                .build();
        var answer = client.sendToLeader(partition, request, Short.MAX_VALUE, ListOffsetsResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
        ClusterClient.check(answer.errorCode(), "partition " + partition.partitionIndex() + " of " + topic);
        return answer.offset();
    }
}

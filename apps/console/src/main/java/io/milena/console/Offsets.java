package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where partitions begin and end, and where a time is in them. */
final class Offsets {
    /** The offset behind the last record that consumers see. */
    static final long LATEST = -1;

    static final long EARLIEST = -2;

    private final Cluster cluster;

    Offsets(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * By partition; those that do not work, and those in which the time lies behind the last record, are left out.
     *
     * @param timestampMs or {@link #LATEST} or {@link #EARLIEST}
     */
    Map<Integer, Long> of(String topic, List<Integer> partitions, long timestampMs) throws BadRequest {
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(new ListOffsetsTopic(
                        topic,
                        partitions.stream()
                                .map(index -> new ListOffsetsPartition(index, -1, timestampMs))
                                .toList())))
                .build();
        Map<Integer, Long> offsets = new TreeMap<>();
        for (ListOffsetsPartitionResponse each : cluster.ask(request, ListOffsetsResponse.class)
                .topics()
                .getFirst()
                .partitions()) {
            if (each.errorCode() == ErrorCode.NONE.code() && each.offset() >= 0) {
                offsets.put(each.partitionIndex(), each.offset());
            }
        }
        return offsets;
    }
}

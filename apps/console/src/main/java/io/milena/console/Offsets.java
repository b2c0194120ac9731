package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where partitions begin and end, and where a time is in them. */
final class Offsets {
    /** The offset behind the last record that consumers see. */
    static final long LATEST = -1;

    static final long EARLIEST = -2;

    private final Cluster cluster;
    private final Isolation isolation;

    Offsets(Cluster cluster) {
        this(cluster, Isolation.READ_UNCOMMITTED);
    }

    /** @param isolation whether a partition ends before the first open transaction */
    Offsets(Cluster cluster, Isolation isolation) {
        this.cluster = cluster;
        this.isolation = isolation;
    }

    /**
     * By partition; those that do not work, and those in which the time lies behind the last record, are left out.
     *
     * @param timestampMs or {@link #LATEST} or {@link #EARLIEST}
     */
    Map<Integer, Long> of(String topic, List<Integer> partitions, long timestampMs) throws BadRequest {
        return of(cluster.topic(topic), partitions, timestampMs);
    }

    /** The same for a topic that is known: each leader is asked once. */
    Map<Integer, Long> of(MetadataResponseTopic topic, Collection<Integer> partitions, long timestampMs)
            throws BadRequest {
        Map<Integer, List<ListOffsetsPartition>> byLeader = new TreeMap<>();
        for (MetadataResponsePartition partition : topic.partitions()) {
            if (partition.leaderId() >= 0 && partitions.contains(partition.partitionIndex())) {
                byLeader.computeIfAbsent(partition.leaderId(), leader -> new ArrayList<>())
                        .add(new ListOffsetsPartition(partition.partitionIndex(), -1, timestampMs));
            }
        }
        Map<Integer, Long> offsets = new TreeMap<>();
        for (Map.Entry<Integer, List<ListOffsetsPartition>> asked : byLeader.entrySet()) {
            ListOffsetsRequest request = ListOffsetsRequest.builder()
                    .replicaId(-1)
                    .isolationLevel(isolation.id())
                    .topics(List.of(new ListOffsetsTopic(Cluster.name(topic), asked.getValue())))
                    .build();
            for (ListOffsetsPartitionResponse each : cluster.ask(asked.getKey(), request, ListOffsetsResponse.class)
                    .topics()
                    .getFirst()
                    .partitions()) {
                if (each.errorCode() == ErrorCode.NONE.code() && each.offset() >= 0) {
                    offsets.put(each.partitionIndex(), each.offset());
                }
            }
        }
        return offsets;
    }

    /** Of one partition. */
    long of(MetadataResponseTopic topic, int partition, long which) throws BadRequest {
        Long offset = of(topic, List.of(partition), which).get(partition);
        if (offset == null) {
            throw new BadRequest(503, "Partition " + partition + " of " + topic.name() + " does not work now.");
        }
        return offset;
    }

    /** What to say of an offset that the partition does not have. */
    String outside(MetadataResponseTopic topic, int partition, long offset) throws BadRequest {
        return "Partition " + partition + " of " + Cluster.name(topic) + " has no offset " + offset + ", but "
                + of(topic, partition, EARLIEST) + " to " + of(topic, partition, LATEST) + ".";
    }
}

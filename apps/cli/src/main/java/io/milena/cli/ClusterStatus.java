package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.milena.protocol.message.DescribeQuorumRequest;
import io.milena.protocol.message.DescribeQuorumRequest.PartitionData;
import io.milena.protocol.message.DescribeQuorumRequest.TopicData;
import io.milena.protocol.message.DescribeQuorumResponse;
import io.milena.protocol.message.DescribeQuorumResponse.ReplicaState;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster stands, as its brokers say at one moment.
 *
 * @param quorum who agrees on the metadata, and where they are
 * @param partitions that lack something
 */
record ClusterStatus(
        String clusterId,
        DescribeQuorumResponse quorum,
        List<DescribeClusterBroker> brokers,
        int partitionCount,
        List<Partition> partitions) {
    private static final String METADATA_TOPIC = "__cluster_metadata";
    private static final String QUORUM_LISTENER = "QUORUM";

    /**
     * A partition that is offline, or has fewer in-sync replicas than replicas.
     *
     * @param isOffline whether it has no leader, or one whose disk has failed
     */
    record Partition(
            String topic, int index, int leader, List<Integer> replicas, List<Integer> inSync, boolean isOffline) {}

    static ClusterStatus of(ClusterClient client) throws IOException {
        DescribeClusterResponse cluster = client.send(
                DescribeClusterRequest.builder().includeFencedBrokers(true).build(), DescribeClusterResponse.class);
        ClusterClient.check(cluster.errorCode(), "cluster", cluster.errorMessage());
        List<MetadataResponseTopic> topics = client.metadata(null).topics();
        return new ClusterStatus(
                cluster.clusterId(),
                quorum(client),
                cluster.brokers(),
                topics.stream().mapToInt(topic -> topic.partitions().size()).sum(),
                topics.stream().flatMap(ClusterStatus::lacking).toList());
    }

    private static DescribeQuorumResponse quorum(ClusterClient client) throws IOException {
        DescribeQuorumResponse quorum = client.send(
                new DescribeQuorumRequest(List.of(new TopicData(METADATA_TOPIC, List.of(new PartitionData(0))))),
                DescribeQuorumResponse.class);
        ClusterClient.check(quorum.errorCode(), "quorum", quorum.errorMessage());
        DescribeQuorumResponse.PartitionData partition = partition(quorum);
        ClusterClient.check(partition.errorCode(), "quorum", partition.errorMessage());
        return quorum;
    }

    private static DescribeQuorumResponse.PartitionData partition(DescribeQuorumResponse quorum) {
        return quorum.topics().getFirst().partitions().getFirst();
    }

    private static Stream<Partition> lacking(MetadataResponseTopic topic) {
        return topic.partitions().stream()
                .filter(partition -> isLacking(partition))
                .sorted((one, other) -> Integer.compare(one.partitionIndex(), other.partitionIndex()))
                .map(partition -> new Partition(
                        String.valueOf(topic.name()),
                        partition.partitionIndex(),
                        partition.leaderId(),
                        partition.replicaNodes(),
                        partition.isrNodes(),
                        isOffline(partition)));
    }

    private static boolean isOffline(MetadataResponsePartition partition) {
        return partition.leaderId() < 0 || partition.offlineReplicas().contains(partition.leaderId());
    }

    private static boolean isLacking(MetadataResponsePartition partition) {
        return isOffline(partition) || !new TreeSet<>(partition.isrNodes()).containsAll(partition.replicaNodes());
    }

    int leaderId() {
        return partition(quorum).leaderId();
    }

    int leaderEpoch() {
        return partition(quorum).leaderEpoch();
    }

    long highWatermark() {
        return partition(quorum).highWatermark();
    }

    List<ReplicaState> voters() {
        return partition(quorum).currentVoters();
    }

    List<ReplicaState> observers() {
        return partition(quorum).observers();
    }

    boolean isMember(int id) {
        return Stream.concat(voters().stream(), observers().stream()).anyMatch(member -> member.replicaId() == id);
    }

    @Nullable
    DescribeClusterBroker broker(int id) {
        return brokers.stream()
                .filter(broker -> broker.brokerId() == id)
                .findFirst()
                .orElse(null);
    }

    /** Where the voters are reached by other members, as {@code id@host:port}; none of a node that is alone. */
    List<String> quorumAddresses() {
        return quorum.nodes().stream()
                .map(node -> node.listeners().stream()
                        .filter(listener -> listener.name().equals(QUORUM_LISTENER))
                        .findFirst()
                        .map(listener -> node.nodeId() + "@" + listener.host() + ":" + listener.port())
                        .orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }
}

package io.milena.cli;

import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.milena.protocol.message.DescribeQuorumResponse.ReplicaState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What {@code milena cluster status} prints of a {@link ClusterStatus}. */
final class StatusReport {
    private static final int LISTED_MAX = 20;

    private StatusReport() {}

    static List<String> plain(ClusterStatus status) {
        List<String> lines = new ArrayList<>();
        long offline = offline(status);
        lines.add("Cluster " + status.clusterId());
        lines.add("Controller: node " + status.leaderId() + ", epoch " + status.leaderEpoch());
        lines.add("Metadata: " + counted(status.voters(), "voter") + ", " + counted(status.observers(), "observer")
                + ", offset " + status.highWatermark());
        status.voters().forEach(voter -> lines.add("  voter " + member(status, voter)));
        status.observers().forEach(observer -> lines.add("  observer " + member(status, observer)));
        lines.add("Brokers: " + status.brokers().size());
        status.brokers()
                .forEach(broker -> lines.add("  broker " + broker.brokerId() + "  " + broker.host() + ":"
                        + broker.port() + "  " + (broker.isFenced() ? "not alive" : "alive")
                        + (broker.rack() == null ? "" : "  rack " + broker.rack())));
        lines.add("Partitions: " + status.partitionCount() + ", "
                + (status.partitions().size() - offline) + " under-replicated, " + offline + " offline");
        status.partitions().stream().limit(LISTED_MAX).forEach(partition -> lines.add(partition(partition)));
        if (status.partitions().size() > LISTED_MAX) {
            lines.add("  ... and " + (status.partitions().size() - LISTED_MAX) + " more");
        }
        return lines;
    }

    private static long offline(ClusterStatus status) {
        return status.partitions().stream()
                .filter(ClusterStatus.Partition::isOffline)
                .count();
    }

    private static String counted(List<?> all, String one) {
        return all.size() + " " + one + (all.size() == 1 ? "" : "s");
    }

    private static String member(ClusterStatus status, ReplicaState state) {
        String progress = state.logEndOffset() < 0
                ? "progress unknown"
                : lag(status, state) == 0 ? "up to date" : lag(status, state) + " records behind";
        return state.replicaId() + (state.replicaId() == status.leaderId() ? "  leads" : "  " + progress);
    }

    private static long lag(ClusterStatus status, ReplicaState state) {
        return Math.max(0, status.highWatermark() - state.logEndOffset());
    }

    private static String partition(ClusterStatus.Partition partition) {
        return "  " + partition.topic() + "-" + partition.index() + "  "
                + (partition.isOffline() ? "offline" : "led by " + partition.leader()) + "  replicas "
                + partition.replicas() + "  in sync " + partition.inSync();
    }

    static List<String> json(ClusterStatus status) {
        return List.of(
                "{",
                "  \"clusterId\": " + text(status.clusterId()) + ",",
                "  \"controller\": {\"id\": " + status.leaderId() + ", \"epoch\": " + status.leaderEpoch() + "},",
                "  \"metadataOffset\": " + status.highWatermark() + ",",
                "  \"voters\": " + list(status.voters(), voter -> memberJson(status, voter)) + ",",
                "  \"observers\": " + list(status.observers(), observer -> memberJson(status, observer)) + ",",
                "  \"brokers\": " + list(status.brokers(), StatusReport::brokerJson) + ",",
                "  \"partitions\": " + status.partitionCount() + ",",
                "  \"underReplicated\": " + partitionsJson(status, false) + ",",
                "  \"offline\": " + partitionsJson(status, true),
                "}");
    }

    private static String memberJson(ClusterStatus status, ReplicaState state) {
        return "{\"id\": " + state.replicaId() + ", \"offset\": " + state.logEndOffset() + ", \"lag\": "
                + (state.logEndOffset() < 0 ? "null" : lag(status, state)) + ", \"lastHeardMs\": "
                + state.lastFetchTimestamp() + ", \"lastCaughtUpMs\": " + state.lastCaughtUpTimestamp() + "}";
    }

    private static String brokerJson(DescribeClusterBroker broker) {
        return "{\"id\": " + broker.brokerId() + ", \"host\": " + text(broker.host()) + ", \"port\": " + broker.port()
                + ", \"rack\": " + (broker.rack() == null ? "null" : text(broker.rack())) + ", \"alive\": "
                + !broker.isFenced() + "}";
    }

    private static String partitionsJson(ClusterStatus status, boolean isOffline) {
        return list(
                status.partitions().stream()
                        .filter(partition -> partition.isOffline() == isOffline)
                        .toList(),
                partition -> "{\"topic\": " + text(partition.topic()) + ", \"partition\": " + partition.index()
                        + ", \"leader\": " + partition.leader() + ", \"replicas\": " + partition.replicas()
                        + ", \"inSync\": " + partition.inSync() + "}");
    }

    private static <T> String list(List<T> all, Function<T, String> one) {
        return all.stream().map(one).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String text(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}

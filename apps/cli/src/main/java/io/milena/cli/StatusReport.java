package io.milena.cli;

import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.milena.protocol.message.DescribeQuorumResponse.ReplicaState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

    static String json(ClusterStatus status) {
        return Json.of(Json.fields(
                "clusterId", status.clusterId(),
                "controller", Json.fields("id", status.leaderId(), "epoch", status.leaderEpoch()),
                "metadataOffset", status.highWatermark(),
                "voters", all(status.voters(), voter -> json(status, voter)),
                "observers", all(status.observers(), observer -> json(status, observer)),
                "brokers", all(status.brokers(), StatusReport::json),
                "partitions", status.partitionCount(),
                "underReplicated", json(status, false),
                "offline", json(status, true)));
    }

    private static Map<String, Object> json(ClusterStatus status, ReplicaState state) {
        Map<String, Object> member = Json.fields("id", state.replicaId(), "offset", state.logEndOffset());
        if (state.logEndOffset() >= 0) {
            member.put("lag", lag(status, state));
        }
        member.putAll(Json.fields(
                "lastHeardMs", state.lastFetchTimestamp(), "lastCaughtUpMs", state.lastCaughtUpTimestamp()));
        return member;
    }

    private static Map<String, Object> json(DescribeClusterBroker broker) {
        Map<String, Object> json = Json.fields("id", broker.brokerId(), "host", broker.host(), "port", broker.port());
        if (broker.rack() != null) {
            json.put("rack", broker.rack());
        }
        json.put("alive", !broker.isFenced());
        return json;
    }

    private static List<Map<String, Object>> json(ClusterStatus status, boolean isOffline) {
        return status.partitions().stream()
                .filter(partition -> partition.isOffline() == isOffline)
                .map(partition -> Json.fields(
                        "topic", partition.topic(),
                        "partition", partition.index(),
                        "leader", partition.leader(),
                        "replicas", partition.replicas(),
                        "inSync", partition.inSync()))
                .toList();
    }

    private static <T> List<Map<String, Object>> all(List<T> all, Function<T, Map<String, Object>> one) {
        return all.stream().map(one).toList();
    }
}

package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** {@code /api/v1/cluster}: brokers, how many of everything there is, and how full the disks are. */
final class ClusterPage implements Page {
    private final Cluster cluster;

    ClusterPage(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        DescribeClusterResponse described = cluster.describe();
        List<MetadataResponseTopic> topics = cluster.topics();
        List<DescribeLogDirsResult> directories = cluster.directories();
        int groups = cluster.groups().size();
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeStringField("clusterId", described.clusterId());
            json.writeNumberField("controllerId", described.controllerId());
            json.writeArrayFieldStart("brokers");
            for (DescribeClusterBroker broker : described.brokers()) {
                json.writeStartObject();
                json.writeNumberField("id", broker.brokerId());
                json.writeStringField("host", broker.host());
                json.writeNumberField("port", broker.port());
                json.writeBooleanField("isFenced", broker.isFenced());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("topics", topics.size());
            json.writeNumberField("partitions", count(topics, partition -> true));
            json.writeNumberField(
                    "underReplicated",
                    count(
                            topics,
                            each -> each.isrNodes().size() < each.replicaNodes().size()));
            json.writeNumberField(
                    "offline",
                    count(
                            topics,
                            each -> each.leaderId() < 0
                                    || !each.offlineReplicas().isEmpty()));
            json.writeNumberField("groups", groups);
            json.writeArrayFieldStart("directories");
            for (DescribeLogDirsResult directory : directories) {
                write(directory, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static long count(List<MetadataResponseTopic> topics, Predicate<MetadataResponsePartition> isCounted) {
        return topics.stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(isCounted)
                .count();
    }

    private static void write(DescribeLogDirsResult directory, JsonGenerator json) throws IOException {
        boolean isOnline = directory.errorCode() == ErrorCode.NONE.code();
        json.writeStartObject();
        json.writeStringField("path", directory.logDir());
        json.writeBooleanField("isOnline", isOnline);
        if (isOnline) {
            json.writeNumberField("totalBytes", directory.totalBytes());
            json.writeNumberField("usableBytes", directory.usableBytes());
        }
        json.writeEndObject();
    }
}

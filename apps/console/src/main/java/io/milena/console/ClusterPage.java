package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** {@code /api/v1/cluster}: brokers, how many of everything there is, and how full the disks are. */
final class ClusterPage implements Page {
    private final Cluster cluster;
    private final Traffic traffic;

    ClusterPage(Cluster cluster, Traffic traffic) {
        this.cluster = cluster;
        this.traffic = traffic;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        DescribeClusterResponse described = cluster.describe();
        List<MetadataResponseTopic> topics = cluster.topics();
        List<MetadataResponseTopic> internal =
                topics.stream().filter(MetadataResponseTopic::isInternal).toList();
        Map<Integer, List<DescribeLogDirsResult>> directories = cluster.directories();
        int groups = cluster.groups().size();
        Map<Integer, Traffic.Rate> rates = ratesByLeader(topics, traffic.rates());
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeStringField("clusterId", described.clusterId());
            json.writeNumberField("controllerId", described.controllerId());
            json.writeArrayFieldStart("brokers");
            for (DescribeClusterBroker broker : described.brokers()) {
                write(broker, described.controllerId(), topics, directories, rates, json);
            }
            json.writeEndArray();
            TopicsPage.write(rates.values().stream().reduce(Traffic.Rate::plus).orElse(null), json);
            json.writeNumberField("topics", topics.size() - internal.size());
            json.writeNumberField("partitions", count(topics, partition -> true) - count(internal, partition -> true));
            json.writeNumberField("internalTopics", internal.size());
            json.writeNumberField("internalPartitions", count(internal, partition -> true));
            json.writeNumberField(
                    "underReplicated",
                    count(
                            topics,
                            each -> each.isrNodes().size() < each.replicaNodes().size()));
            json.writeNumberField("offline", count(topics, Cluster::isOffline));
            json.writeNumberField("groups", groups);
            json.writeArrayFieldStart("directories");
            for (Map.Entry<Integer, List<DescribeLogDirsResult>> ofBroker : directories.entrySet()) {
                for (DescribeLogDirsResult directory : ofBroker.getValue()) {
                    write(ofBroker.getKey(), directory, json);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static Map<Integer, Traffic.Rate> ratesByLeader(
            List<MetadataResponseTopic> topics, Map<Traffic.Place, Traffic.Rate> rates) {
        Map<Integer, Traffic.Rate> byLeader = new HashMap<>();
        for (MetadataResponseTopic topic : topics) {
            if (topic.isInternal()) {
                continue; // what brokers write by themselves is in no other figure of traffic
            }
            for (MetadataResponsePartition partition : topic.partitions()) {
                Traffic.Rate rate = rates.get(new Traffic.Place(Cluster.name(topic), partition.partitionIndex()));
                if (rate != null) {
                    byLeader.merge(partition.leaderId(), rate, Traffic.Rate::plus);
                }
            }
        }
        return byLeader;
    }

    private static long count(List<MetadataResponseTopic> topics, Predicate<MetadataResponsePartition> isCounted) {
        return topics.stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(isCounted)
                .count();
    }

    private static void write(
            DescribeClusterBroker broker,
            int controllerId,
            List<MetadataResponseTopic> topics,
            Map<Integer, List<DescribeLogDirsResult>> directories,
            Map<Integer, Traffic.Rate> rates,
            JsonGenerator json)
            throws IOException {
        int id = broker.brokerId();
        json.writeStartObject();
        json.writeNumberField("id", id);
        json.writeStringField("host", broker.host());
        json.writeNumberField("port", broker.port());
        json.writeBooleanField("isFenced", broker.isFenced());
        json.writeBooleanField("isController", id == controllerId);
        if (broker.rack() != null) {
            json.writeStringField("rack", broker.rack());
        }
        json.writeNumberField("leaders", count(topics, partition -> partition.leaderId() == id));
        json.writeNumberField(
                "replicas", count(topics, partition -> partition.replicaNodes().contains(id)));
        List<DescribeLogDirsResult> own = directories.get(id);
        if (own != null) {
            json.writeNumberField(
                    "sizeInBytes",
                    own.stream()
                            .flatMap(directory -> directory.topics().stream())
                            .flatMap(topic -> topic.partitions().stream())
                            .mapToLong(DescribeLogDirsPartition::partitionSize)
                            .sum());
        }
        TopicsPage.write(rates.get(id), json);
        json.writeEndObject();
    }

    private static void write(int broker, DescribeLogDirsResult directory, JsonGenerator json) throws IOException {
        boolean isOnline = directory.errorCode() == ErrorCode.NONE.code();
        json.writeStartObject();
        json.writeNumberField("broker", broker);
        json.writeStringField("path", directory.logDir());
        json.writeBooleanField("isOnline", isOnline);
        if (isOnline) {
            json.writeNumberField("totalBytes", directory.totalBytes());
            json.writeNumberField("usableBytes", directory.usableBytes());
        }
        json.writeEndObject();
    }
}

package io.milena.console;

import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/topics}: all topics with their sizes. */
final class TopicsPage implements Page {
    private final Cluster cluster;

    TopicsPage(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        List<MetadataResponseTopic> topics = cluster.topics();
        Map<String, Map<Integer, Long>> sizes = cluster.sizes();
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("topics");
            for (MetadataResponseTopic topic : topics) {
                Map<Integer, Long> ofTopic = sizes.getOrDefault(topic.name(), Map.of());
                json.writeStartObject();
                json.writeStringField("name", topic.name());
                json.writeStringField("id", topic.topicId().toString());
                json.writeBooleanField("isInternal", topic.isInternal());
                json.writeNumberField("partitions", topic.partitions().size());
                json.writeNumberField(
                        "replicationFactor",
                        topic.partitions().stream()
                                .mapToInt(partition -> partition.replicaNodes().size())
                                .max()
                                .orElse(0));
                json.writeNumberField(
                        "underReplicated",
                        topic.partitions().stream()
                                .filter(partition -> partition.isrNodes().size()
                                        < partition.replicaNodes().size())
                                .count());
                json.writeNumberField(
                        "sizeInBytes",
                        ofTopic.values().stream().mapToLong(Long::longValue).sum());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}

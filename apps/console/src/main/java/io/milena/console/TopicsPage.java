package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/topics}: all topics with their sizes. */
final class TopicsPage implements Page {
    private final Cluster cluster;
    private final Traffic traffic;

    TopicsPage(Cluster cluster, Traffic traffic) {
        this.cluster = cluster;
        this.traffic = traffic;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        List<MetadataResponseTopic> topics = cluster.topics();
        Map<String, Map<Integer, Long>> sizes = cluster.sizes();
        Map<String, Traffic.Rate> rates = new HashMap<>();
        traffic.rates().forEach((place, rate) -> rates.merge(place.topic(), rate, Traffic.Rate::plus));
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
                write(rates.get(Cluster.name(topic)), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** What is not known is left out. */
    static void write(Traffic.@Nullable Rate rate, JsonGenerator json) throws IOException {
        if (rate != null) {
            json.writeNumberField("bytesInPerSecond", Math.round(rate.bytesIn()));
            json.writeNumberField("bytesOutPerSecond", Math.round(rate.bytesOut()));
            json.writeNumberField("recordsInPerSecond", Math.round(rate.records() * 10) / 10.0);
        }
    }
}

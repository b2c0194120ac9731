package io.milena.console;

import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/dead-letters}: the topics that hold what could not be processed, and of which topics it was. */
final class DeadLettersPage implements Page {
    private final Cluster cluster;
    private final Offsets offsets;
    private final DeadLetters deadLetters;

    DeadLettersPage(Cluster cluster, DeadLetters deadLetters) {
        this.cluster = cluster;
        this.offsets = new Offsets(cluster);
        this.deadLetters = deadLetters;
    }

    private record Found(String topic, @Nullable String original, long records) {}

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        List<MetadataResponseTopic> topics = cluster.topics();
        Set<String> names = topics.stream().map(Cluster::name).collect(Collectors.toSet());
        List<Found> found = new ArrayList<>();
        for (MetadataResponseTopic topic : topics) {
            String name = Cluster.name(topic);
            String original = deadLetters.originalName(name).orElse(null);
            if (original != null) {
                found.add(new Found(name, names.contains(original) ? original : null, records(topic)));
            }
        }
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("topics");
            for (Found each : found) {
                json.writeStartObject();
                json.writeStringField("topic", each.topic);
                if (each.original != null) {
                    json.writeStringField("original", each.original);
                }
                json.writeNumberField("records", each.records);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private long records(MetadataResponseTopic topic) throws BadRequest {
        List<Integer> partitions = ChosenPartitions.all(topic);
        return sum(offsets.of(topic, partitions, Offsets.LATEST).values())
                - sum(offsets.of(topic, partitions, Offsets.EARLIEST).values());
    }

    private static long sum(Collection<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).sum();
    }
}

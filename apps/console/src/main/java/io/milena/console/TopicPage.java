package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/topics/{topic}}: one topic with its partitions, and its settings with what they mean. */
final class TopicPage implements Page {
    private final Cluster cluster;
    private final Offsets offsets;
    private final Traffic traffic;

    TopicPage(Cluster cluster, Traffic traffic) {
        this.cluster = cluster;
        this.traffic = traffic;
        this.offsets = new Offsets(cluster);
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        MetadataResponseTopic topic = cluster.topic(request.part("topic"));
        String name = request.part("topic");
        List<Integer> indexes = topic.partitions().stream()
                .map(MetadataResponsePartition::partitionIndex)
                .toList();
        Map<Integer, Long> starts = offsets.of(topic, indexes, Offsets.EARLIEST);
        Map<Integer, Long> ends = offsets.of(topic, indexes, Offsets.LATEST);
        Map<Integer, Long> sizes = cluster.sizes().getOrDefault(name, Map.of());
        Map<Traffic.Place, Traffic.Rate> rates = traffic.rates();
        List<DescribeConfigsResourceResult> settings = cluster.settings(name);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeStringField("name", name);
            json.writeStringField("id", topic.topicId().toString());
            json.writeBooleanField("isInternal", topic.isInternal());
            json.writeArrayFieldStart("partitions");
            for (MetadataResponsePartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                json.writeStartObject();
                json.writeNumberField("partition", index);
                json.writeNumberField("leader", partition.leaderId());
                writeNodes("replicas", partition.replicaNodes(), json);
                writeNodes("inSync", partition.isrNodes(), json);
                writeNodes("offline", partition.offlineReplicas(), json);
                writeIfKnown("startOffset", starts.get(index), json);
                writeIfKnown("endOffset", ends.get(index), json);
                writeIfKnown("sizeInBytes", sizes.get(index), json);
                TopicsPage.write(rates.get(new Traffic.Place(name, index)), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            Settings.write(settings, json);
            json.writeEndObject();
        });
    }

    private static void writeNodes(String name, List<Integer> nodes, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (int node : nodes) {
            json.writeNumber(node);
        }
        json.writeEndArray();
    }

    /** What a partition that does not work cannot tell is left out. */
    private static void writeIfKnown(String name, @Nullable Long value, JsonGenerator json) throws IOException {
        if (value != null) {
            json.writeNumberField(name, value);
        }
    }
}

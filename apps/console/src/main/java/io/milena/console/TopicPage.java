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
    private static final byte SET_ON_TOPIC = 1;

    private final Cluster cluster;
    private final Offsets offsets;

    TopicPage(Cluster cluster) {
        this.cluster = cluster;
        this.offsets = new Offsets(cluster);
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        MetadataResponseTopic topic = cluster.topic(request.part("topic"));
        String name = request.part("topic");
        List<Integer> indexes = topic.partitions().stream()
                .map(MetadataResponsePartition::partitionIndex)
                .toList();
        Map<Integer, Long> starts = offsets.of(name, indexes, Offsets.EARLIEST);
        Map<Integer, Long> ends = offsets.of(name, indexes, Offsets.LATEST);
        Map<Integer, Long> sizes = cluster.sizes().getOrDefault(name, Map.of());
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
                writeIfKnown("startOffset", starts.get(index), json);
                writeIfKnown("endOffset", ends.get(index), json);
                writeIfKnown("sizeInBytes", sizes.get(index), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("settings");
            for (DescribeConfigsResourceResult setting : settings) {
                write(setting, json);
            }
            json.writeEndArray();
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

    private static void write(DescribeConfigsResourceResult setting, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", setting.name());
        json.writeStringField("value", setting.value());
        json.writeBooleanField("isDefault", setting.configSource() != SET_ON_TOPIC);
        json.writeStringField("documentation", setting.documentation() == null ? "" : setting.documentation());
        json.writeEndObject();
    }
}

package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreatePartitionsRequest;
import io.milena.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.milena.protocol.message.CreatePartitionsResponse;
import io.milena.protocol.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.milena.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.milena.protocol.message.DeleteRecordsRequest;
import io.milena.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.milena.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.milena.protocol.message.DeleteRecordsResponse;
import io.milena.protocol.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.milena.protocol.message.DeleteTopicsRequest;
import io.milena.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.milena.protocol.message.DeleteTopicsResponse;
import io.milena.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.protocol.message.RestoreTopicResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, deletes, restores and enlarges topics. */
final class TopicChanges {
    private static final int TIMEOUT_MS = 30_000;
    private static final int PARTITIONS_MAX = 10_000;

    private final Cluster cluster;

    TopicChanges(Cluster cluster) {
        this.cluster = cluster;
    }

    Page.Response create(Request request) throws BadRequest, IOException {
        Fields body = request.body().only("name", "partitions", "replicationFactor", "settings");
        List<CreatableTopicConfig> settings = new ArrayList<>();
        Fields given = body.object("settings");
        if (given != null) {
            for (String name : given.names()) {
                settings.add(new CreatableTopicConfig(name, given.text(name)));
            }
        }
        CreatableTopic wanted = CreatableTopic.builder()
                .name(body.textNeeded("name"))
                .numPartitions((int) body.number("partitions", -1, 1, PARTITIONS_MAX))
                .replicationFactor((short) body.number("replicationFactor", -1, 1, Short.MAX_VALUE))
                .configs(settings)
                .build();
        CreatableTopicResult topic = cluster.ask(
                        CreateTopicsRequest.builder()
                                .topics(List.of(wanted))
                                .timeoutMs(TIMEOUT_MS)
                                .build(),
                        CreateTopicsResponse.class)
                .topics()
                .getFirst();
        Cluster.check(topic.errorCode(), topic.errorMessage());
        return Json.answer(201, json -> {
            json.writeStartObject();
            json.writeStringField("name", topic.name());
            json.writeStringField("id", topic.topicId().toString());
            json.writeNumberField("partitions", topic.numPartitions());
            json.writeNumberField("replicationFactor", topic.replicationFactor());
            json.writeEndObject();
        });
    }

    Page.Response delete(Request request) throws BadRequest {
        DeletableTopicResult deleted = cluster.ask(
                        DeleteTopicsRequest.builder()
                                .topics(List.of(DeleteTopicState.builder()
                                        .name(request.part("topic"))
                                        .build()))
                                .timeoutMs(TIMEOUT_MS)
                                .build(),
                        DeleteTopicsResponse.class)
                .responses()
                .getFirst();
        Cluster.check(
                deleted.errorCode(),
                deleted.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()
                        ? "There is no topic " + request.part("topic") + "."
                        : deleted.errorMessage());
        return Page.Response.done();
    }

    Page.Response addPartitions(Request request) throws BadRequest, IOException {
        int count = (int) request.body().only("count").numberNeeded("count", 1, PARTITIONS_MAX);
        CreatePartitionsTopicResult added = cluster.ask(
                        CreatePartitionsRequest.builder()
                                .topics(List.of(new CreatePartitionsTopic(request.part("topic"), count, null)))
                                .timeoutMs(TIMEOUT_MS)
                                .build(),
                        CreatePartitionsResponse.class)
                .results()
                .getFirst();
        Cluster.check(added.errorCode(), added.errorMessage());
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeNumberField("partitions", count);
            json.writeEndObject();
        });
    }

    Page.Response restore(Request request) throws BadRequest, IOException {
        String newName = request.body().only("name").text("name");
        RestoreTopicResponse restored = cluster.ask(
                RestoreTopicRequest.builder()
                        .topicId(id(request.part("id")))
                        .newName(newName)
                        .build(),
                RestoreTopicResponse.class);
        Cluster.check(restored.errorCode(), restored.errorMessage());
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeStringField("name", restored.name());
            json.writeEndObject();
        });
    }

    private static UUID id(String text) throws BadRequest {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new BadRequest(400, "The id must be one that the trash shows, as 5a1c0f5e-....");
        }
    }

    Page.Response deleteRecords(Request request) throws BadRequest, IOException {
        int partition = (int) request.numberPart("partition", 0, Integer.MAX_VALUE);
        String before = request.query("beforeOffset");
        if (before == null) {
            throw new BadRequest(400, "beforeOffset is missing: the first offset that stays.");
        }
        long offset = Request.number("beforeOffset", before, 0, Long.MAX_VALUE);
        DeleteRecordsRequest wanted = DeleteRecordsRequest.builder()
                .topics(List.of(new DeleteRecordsTopic(
                        request.part("topic"), List.of(new DeleteRecordsPartition(partition, offset)))))
                .timeoutMs(TIMEOUT_MS)
                .build();
        MetadataResponseTopic topic = cluster.topic(request.part("topic"));
        int leader = RecordReader.leader(topic, partition);
        DeleteRecordsPartitionResult deleted = cluster.ask(leader, wanted, DeleteRecordsResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
        Cluster.check(
                deleted.errorCode(),
                deleted.errorCode() == ErrorCode.OFFSET_OUT_OF_RANGE.code()
                        ? new Offsets(cluster).outside(topic, partition, offset)
                        : null);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeNumberField("startOffset", deleted.lowWatermark());
            json.writeEndObject();
        });
    }

    /** Whether a topic is one of the cluster's own, whose records are not for everybody to write. */
    static boolean isInternal(@Nullable String name) {
        return name != null && name.startsWith("__");
    }
}

package io.milena.broker.api;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.AlterConfigsResponse;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import io.milena.protocol.message.CreatePartitionsResponse;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.DeleteTopicsResponse;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.IncrementalAlterConfigsResponse;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.ProduceResponse;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an answer refuses, as far as it says so.
 *
 * @param subject a topic, group or resource; empty where the answer names none
 * @param topicId of a topic that the answer knows by its id only
 * @param partition -1 for none
 * @param message what the client was told beside the error, or empty
 */
record RefusedPart(String subject, UUID topicId, int partition, String message) {
    private static final int NONE = -1;

    RefusedPart {
        subject = RefusedRequests.cut(subject);
        message = RefusedRequests.cut(message);
    }

    /** The first part of an answer that has this error. */
    static RefusedPart of(ApiMessage answer, short error) {
        return parts(answer)
                .filter(each -> each.error == error)
                .map(Part::part)
                .findFirst()
                .orElse(new RefusedPart("", Uuids.ZERO, NONE, ""));
    }

    private record Part(short error, RefusedPart part) {}

    private static Part part(short error, @Nullable String subject, @Nullable String message) {
        return new Part(error, new RefusedPart(text(subject), Uuids.ZERO, NONE, text(message)));
    }

    private static Part part(short error, @Nullable String topic, UUID topicId, int partition, @Nullable String why) {
        boolean isNamed = topic != null && !topic.isEmpty();
        return new Part(error, new RefusedPart(text(topic), isNamed ? Uuids.ZERO : topicId, partition, text(why)));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Answers that are not here are refused as a whole, or say nothing about what. */
    private static Stream<Part> parts(ApiMessage answer) {
        return switch (answer) {
            case ProduceResponse produce ->
                produce.responses().stream()
                        .flatMap(topic -> topic.partitionResponses().stream()
                                .map(each -> part(
                                        each.errorCode(),
                                        topic.name(),
                                        topic.topicId(),
                                        each.index(),
                                        each.errorMessage())));
            case FetchResponse fetch ->
                fetch.responses().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(each -> part(
                                        each.errorCode(),
                                        topic.topic(),
                                        topic.topicId(),
                                        each.partitionIndex(),
                                        null)));
            case ListOffsetsResponse offsets ->
                offsets.topics().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(each ->
                                        part(each.errorCode(), topic.name(), Uuids.ZERO, each.partitionIndex(), null)));
            case OffsetCommitResponse commit ->
                commit.topics().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(each -> part(
                                        each.errorCode(), topic.name(), topic.topicId(), each.partitionIndex(), null)));
            case MetadataResponse metadata ->
                metadata.topics().stream().map(each -> part(each.errorCode(), each.name(), each.topicId(), NONE, null));
            case DeleteTopicsResponse deletion ->
                deletion.responses().stream()
                        .map(each -> part(each.errorCode(), each.name(), each.topicId(), NONE, each.errorMessage()));
            case CreateTopicsResponse creation ->
                creation.topics().stream().map(each -> part(each.errorCode(), each.name(), each.errorMessage()));
            case CreatePartitionsResponse more ->
                more.results().stream().map(each -> part(each.errorCode(), each.name(), each.errorMessage()));
            case IncrementalAlterConfigsResponse configs ->
                configs.responses().stream()
                        .map(each -> part(each.errorCode(), each.resourceName(), each.errorMessage()));
            case AlterConfigsResponse configs ->
                configs.responses().stream()
                        .map(each -> part(each.errorCode(), each.resourceName(), each.errorMessage()));
            case DescribeConfigsResponse configs ->
                configs.results().stream()
                        .map(each -> part(each.errorCode(), each.resourceName(), each.errorMessage()));
            case DeleteGroupsResponse deletion ->
                deletion.results().stream().map(each -> part(each.errorCode(), each.groupId(), each.errorMessage()));
            case DescribeGroupsResponse groups ->
                groups.groups().stream().map(each -> part(each.errorCode(), each.groupId(), each.errorMessage()));
            case ConsumerGroupHeartbeatResponse beat -> Stream.of(part(beat.errorCode(), null, beat.errorMessage()));
            default -> Stream.empty();
        };
    }
}

package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.ListDeletedTopicsResponse;
import io.milena.protocol.message.ListDeletedTopicsResponse.DeletedTopic;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.protocol.message.RestoreTopicResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The deleted topics of a cluster that can be restored, as its controller tells of them. */
final class DeletedTopics {
    private final ClusterClient client;

    private DeletedTopics(ClusterClient client) {
        this.client = client;
    }

    /** Null if the cluster knows no such thing. */
    static @Nullable DeletedTopics of(ClusterClient client) throws IOException {
        return client.isMilena() ? new DeletedTopics(client) : null;
    }

    /** @throws CommandFailure if the cluster knows no such thing */
    static DeletedTopics require(ClusterClient client) throws IOException {
        DeletedTopics topics = of(client);
        if (topics == null) {
            throw new CommandFailure(
                    "this broker keeps no deleted topics: only Milena's do, and Apache Kafka's do not");
        }
        return topics;
    }

    /** The longest deleted first. */
    List<DeletedTopic> list() throws IOException {
        ListDeletedTopicsResponse response =
                client.sendOwnToController(ListDeletedTopicsRequest.builder().build(), ListDeletedTopicsResponse.class);
        ClusterClient.check(response.errorCode(), "the deleted topics", response.errorMessage());
        return response.topics();
    }

    static Map<String, Object> json(DeletedTopic topic) {
        return Json.fields(
                "topic", topic.name(),
                "id", Uuids.text(topic.topicId()),
                "partitions", topic.partitions(),
                "sizeBytes", topic.sizeBytes(),
                "deletedAtMs", topic.deletedAtMs(),
                "goesAtMs", topic.goesAtMs());
    }

    /** How a topic that was just deleted can be had again, as words to go on with; nothing if it cannot. */
    static String wayBack(UUID topicId, List<DeletedTopic> all) {
        for (DeletedTopic topic : all) {
            if (topic.topicId().equals(topicId)) {
                boolean isOnly =
                        all.stream().noneMatch(each -> each.name().equals(topic.name()) && !each.equals(topic));
                return "; until " + time(topic.goesAtMs())
                        + " it can be restored: milena topics restore "
                        + (isOnly ? topic.name() : "--id " + Uuids.text(topicId));
            }
        }
        return "";
    }

    RestoreTopicResponse restore(RestoreTopicRequest request) throws IOException {
        RestoreTopicResponse response = client.sendOwnToController(request, RestoreTopicResponse.class);
        String name = request.name();
        String what = "topic " + (name == null ? Uuids.text(request.topicId()) : name);
        ClusterClient.check(response.errorCode(), what, withOption(response));
        return response;
    }

    /** The broker's words, and the option that helps. */
    private static @Nullable String withOption(RestoreTopicResponse response) {
        String message = response.errorMessage();
        ErrorCode error = ErrorCode.of(response.errorCode());
        return message == null || !(error == ErrorCode.TOPIC_ALREADY_EXISTS || error == ErrorCode.INVALID_REQUEST)
                ? message
                : message + (error == ErrorCode.INVALID_REQUEST ? " [--id ID]" : " [--as NAME]");
    }

    /** As lines with columns; none if there is nothing to show. */
    static List<String> table(List<DeletedTopic> topics) {
        if (topics.isEmpty()) {
            return List.of();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "ID", "PARTITIONS", "BYTES", "DELETED AT", "GOES AT"));
        for (DeletedTopic topic : topics) {
            rows.add(List.of(
                    topic.name(),
                    Uuids.text(topic.topicId()),
                    Integer.toString(topic.partitions()),
                    Long.toString(topic.sizeBytes()),
                    time(topic.deletedAtMs()),
                    time(topic.goesAtMs())));
        }
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.getFirst().size(); column++) {
            int at = column;
            widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, List<Integer> widths) {
        List<String> cells = new ArrayList<>();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            cells.add(cell + " ".repeat(widths.get(column) - cell.length()));
        }
        return cells.stream().collect(Collectors.joining("  ")).stripTrailing();
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}

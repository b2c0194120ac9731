package io.milena.cli.client;

import io.milena.cli.CommandFailure;
import io.milena.protocol.message.ListRefusedRequestsRequest;
import io.milena.protocol.message.ListRefusedRequestsResponse;
import io.milena.protocol.message.ListRefusedRequestsResponse.RefusedRequests;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Asks all brokers what they have refused; only Milena's remember it. */
public final class RefusalQuestions {
    private RefusalQuestions() {}

    /**
     * The latest last.
     *
     * @throws CommandFailure if these brokers do not know
     */
    public static List<RefusedRequests> all(ClusterClient client) throws IOException {
        if (!client.isMilena()) {
            throw new CommandFailure(
                    "this broker does not remember what it refused: only Milena's do, and Apache Kafka's do not");
        }
        List<RefusedRequests> all = new ArrayList<>();
        for (MetadataResponseBroker broker : client.brokers()) {
            ListRefusedRequestsResponse response = client.sendOwnTo(
                    broker, ListRefusedRequestsRequest.builder().build(), ListRefusedRequestsResponse.class);
            ClusterClient.check(response.errorCode(), "broker " + broker.nodeId(), response.errorMessage());
            all.addAll(response.refusals());
        }
        all.sort(Comparator.comparingLong(RefusedRequests::lastMs));
        Map<UUID, String> names = new HashMap<>();
        client.metadata(null).topics().forEach(topic -> names.put(topic.topicId(), String.valueOf(topic.name())));
        return all.stream().map(each -> named(each, names)).toList();
    }

    /** Answers of newer versions know topics by their ids. */
    private static RefusedRequests named(RefusedRequests refused, Map<UUID, String> names) {
        return refused.subject().isEmpty()
                ? refused.toBuilder()
                        .subject(names.getOrDefault(refused.topicId(), ""))
                        .build()
                : refused;
    }
}

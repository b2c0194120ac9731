package io.milena.cli.client;

import io.milena.protocol.message.DescribeLagRequest;
import io.milena.protocol.message.DescribeLagRequest.LagPlace;
import io.milena.protocol.message.DescribeLagResponse;
import io.milena.protocol.message.DescribeLagResponse.LagThere;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What groups have still to read, as Milena's brokers count it: where only markers in which transactions end are left, nothing. From offsets alone, which is all that Apache Kafka tells, that cannot be known. */
public final class LagQuestions {
    private final ClusterClient client;
    private final boolean isAnswered;

    public LagQuestions(ClusterClient client) throws IOException {
        this.client = client;
        this.isAnswered = client.isMilena();
    }

    /** Of what is committed, by topic and partition; what no broker tells is not in it. */
    public Map<String, Map<Integer, Long>> unread(MetadataResponse metadata, Map<String, Map<Integer, Long>> committed)
            throws IOException {
        Map<String, Map<Integer, Long>> unread = new TreeMap<>();
        if (isAnswered) {
            Map<Integer, List<LagPlace>> places = places(metadata, committed);
            for (MetadataResponseBroker broker : metadata.brokers()) {
                ask(broker, places.getOrDefault(broker.nodeId(), List.of()), unread);
            }
        }
        return unread;
    }

    /** By leader. */
    private static Map<Integer, List<LagPlace>> places(
            MetadataResponse metadata, Map<String, Map<Integer, Long>> committed) {
        Map<Integer, List<LagPlace>> places = new TreeMap<>();
        for (MetadataResponseTopic topic : metadata.topics()) {
            String name = String.valueOf(topic.name());
            Map<Integer, Long> offsets = committed.getOrDefault(name, Map.of());
            for (MetadataResponsePartition partition : topic.partitions()) {
                long offset = offsets.getOrDefault(partition.partitionIndex(), -1L);
                if (offset >= 0) {
                    places.computeIfAbsent(partition.leaderId(), _ -> new ArrayList<>())
                            .add(new LagPlace(name, topic.topicId(), partition.partitionIndex(), offset));
                }
            }
        }
        return places;
    }

    private void ask(MetadataResponseBroker broker, List<LagPlace> places, Map<String, Map<Integer, Long>> unread)
            throws IOException {
        if (places.isEmpty()) {
            return;
        }
        List<LagThere> lags = client.sendOwnTo(broker, new DescribeLagRequest(places), DescribeLagResponse.class)
                .lags();
        for (int i = 0; i < Math.min(lags.size(), places.size()); i++) {
            if (lags.get(i).records() >= 0) {
                unread.computeIfAbsent(places.get(i).topic(), _ -> new TreeMap<>())
                        .put(places.get(i).partition(), lags.get(i).records());
            }
        }
    }
}

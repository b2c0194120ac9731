package io.milena.broker.transactions;

import io.milena.broker.api.OtherBrokers;
import io.milena.broker.partitions.Partitions;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.WriteTxnMarkersRequest;
import io.milena.protocol.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.milena.protocol.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.milena.protocol.message.WriteTxnMarkersResponse;
import io.milena.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.milena.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import io.milena.runtime.Threads;
import io.milena.transactions.Outcome;
import io.milena.transactions.TopicPartition;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Ends a transaction wherever its partitions are: here, or at the brokers that lead them (WriteTxnMarkers). Safe for use by many threads. */
final class Markers {
    private static final System.Logger LOG = System.getLogger("io.milena.transactions");
    private static final int VERSION = 2;

    private final Here here;
    private final Partitions partitions;
    private final OtherBrokers others;
    private final Threads threads;

    /** Writes to partitions that this broker leads. */
    interface Here {
        MarkerWriter.Written write(TopicPartition where, Marker marker);
    }

    Markers(Here here, Partitions partitions, OtherBrokers others, Threads threads) {
        this.here = here;
        this.partitions = partitions;
        this.others = others;
        this.threads = threads;
    }

    /** Writes the marker to all of them, and answers what became of each when that is durable. */
    Map<TopicPartition, ErrorCode> write(Collection<TopicPartition> where, Marker marker) throws InterruptedException {
        List<TopicPartition> own = new ArrayList<>();
        Map<Integer, List<TopicPartition>> elsewhere = new TreeMap<>();
        for (TopicPartition each : where) {
            int leader = partitions.leaderOf(each.topic(), each.partition());
            if (leader < 0 || leader == partitions.localId()) {
                own.add(each); // or nowhere, and why is found there
            } else {
                elsewhere.computeIfAbsent(leader, id -> new ArrayList<>()).add(each);
            }
        }
        Map<TopicPartition, ErrorCode> outcomes = new ConcurrentHashMap<>();
        List<Thread> asking = new ArrayList<>();
        elsewhere.forEach((leader, theirs) ->
                asking.add(threads.start("markers-to-" + leader, () -> outcomes.putAll(ask(leader, theirs, marker)))));
        outcomes.putAll(writeHere(own, marker));
        for (Thread each : asking) {
            each.join();
        }
        return outcomes;
    }

    private Map<TopicPartition, ErrorCode> writeHere(List<TopicPartition> where, Marker marker)
            throws InterruptedException {
        Map<TopicPartition, MarkerWriter.Written> written = new LinkedHashMap<>();
        where.forEach(each -> written.put(each, here.write(each, marker)));
        written.values().forEach(MarkerWriter.Written::hurry);
        Map<TopicPartition, ErrorCode> outcomes = new LinkedHashMap<>();
        for (Map.Entry<TopicPartition, MarkerWriter.Written> each : written.entrySet()) {
            outcomes.put(each.getKey(), each.getValue().await());
        }
        return outcomes;
    }

    /** What is not answered is not known to be written, and is written again: a marker that ends nothing does no harm. */
    private Map<TopicPartition, ErrorCode> ask(int leader, List<TopicPartition> where, Marker marker) {
        Map<TopicPartition, ErrorCode> outcomes = new LinkedHashMap<>();
        where.forEach(each -> outcomes.put(each, ErrorCode.NETWORK_EXCEPTION));
        try {
            others.ask(leader, request(where, marker), VERSION, WriteTxnMarkersResponse.class).markers().stream()
                    .flatMap(each -> each.topics().stream())
                    .forEach(topic -> note(topic, outcomes));
        } catch (IOException e) {
            LOG.log(Level.INFO, "Broker {0} does not answer what became of markers: {1}", leader, e.getMessage());
        }
        return outcomes;
    }

    private static void note(WritableTxnMarkerTopicResult topic, Map<TopicPartition, ErrorCode> outcomes) {
        for (WritableTxnMarkerPartitionResult each : topic.partitions()) {
            ErrorCode error = ErrorCode.of(each.errorCode());
            // A leader may not have heard of it yet; whether it is deleted, the metadata here say at the next try.
            outcomes.put(
                    new TopicPartition(topic.name(), each.partitionIndex()),
                    error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION ? ErrorCode.NOT_LEADER_OR_FOLLOWER : error);
        }
    }

    private static WriteTxnMarkersRequest request(List<TopicPartition> where, Marker marker) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        where.forEach(each ->
                topics.computeIfAbsent(each.topic(), name -> new ArrayList<>()).add(each.partition()));
        return new WriteTxnMarkersRequest(List.of(WritableTxnMarker.builder()
                .producerId(marker.producer().id())
                .producerEpoch(marker.producer().epoch())
                .transactionResult(marker.outcome() == Outcome.COMMIT)
                .coordinatorEpoch(marker.coordinatorEpoch())
                .transactionVersion((byte) marker.version().level())
                .topics(topics.entrySet().stream()
                        .map(topic -> new WritableTxnMarkerTopic(topic.getKey(), topic.getValue()))
                        .toList())
                .build()));
    }
}

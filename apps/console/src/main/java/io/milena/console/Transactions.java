package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeProducersRequest;
import io.milena.protocol.message.DescribeProducersRequest.TopicRequest;
import io.milena.protocol.message.DescribeProducersResponse;
import io.milena.protocol.message.DescribeProducersResponse.PartitionResponse;
import io.milena.protocol.message.DescribeProducersResponse.ProducerState;
import io.milena.protocol.message.DescribeProducersResponse.TopicResponse;
import io.milena.protocol.message.DescribeTransactionsRequest;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The transactions that coordinators know, and those that are open in partitions without any coordinator knowing of them. */
final class Transactions {
    private final Cluster cluster;

    Transactions(Cluster cluster) {
        this.cluster = cluster;
    }

    /** A transaction that is open in a partition, which nobody will end. */
    record Hanging(String topic, int partition, ProducerState producer) {}

    private record Place(long producerId, String topic, int partition) {}

    /** Those of all coordinators. */
    List<TransactionState> known() throws BadRequest {
        List<TransactionState> known = new ArrayList<>();
        Map<Integer, ListTransactionsResponse> listed =
                cluster.askAll(ListTransactionsRequest.builder().build(), ListTransactionsResponse.class);
        for (Map.Entry<Integer, ListTransactionsResponse> each : listed.entrySet()) {
            Cluster.check(each.getValue().errorCode(), null);
            List<String> ids = each.getValue().transactionStates().stream()
                    .map(ListTransactionsResponse.TransactionState::transactionalId)
                    .toList();
            for (TransactionState state : cluster.ask(
                            each.getKey(), new DescribeTransactionsRequest(ids), DescribeTransactionsResponse.class)
                    .transactionStates()) {
                if (state.errorCode() != ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code()) { // gone since it was listed
                    Cluster.check(state.errorCode(), null); // one that is not told must not be taken for unknown
                    known.add(state);
                }
            }
        }
        return known;
    }

    /** Asked for before the known ones are: what begins in between must not be taken for hanging. */
    List<Hanging> open() throws BadRequest {
        Map<Integer, List<TopicRequest>> byLeader = new TreeMap<>();
        for (MetadataResponseTopic topic : cluster.topics()) {
            Map<Integer, List<Integer>> partitions = new TreeMap<>();
            for (MetadataResponsePartition partition : topic.partitions()) {
                if (partition.leaderId() >= 0) {
                    partitions
                            .computeIfAbsent(partition.leaderId(), leader -> new ArrayList<>())
                            .add(partition.partitionIndex());
                }
            }
            partitions.forEach((leader, indexes) -> byLeader.computeIfAbsent(leader, id -> new ArrayList<>())
                    .add(new TopicRequest(Cluster.name(topic), indexes)));
        }
        List<Hanging> open = new ArrayList<>();
        for (Map.Entry<Integer, List<TopicRequest>> asked : byLeader.entrySet()) {
            for (TopicResponse topic : cluster.ask(
                            asked.getKey(),
                            new DescribeProducersRequest(asked.getValue()),
                            DescribeProducersResponse.class)
                    .topics()) {
                for (PartitionResponse partition : topic.partitions()) {
                    partition.activeProducers().stream()
                            .filter(producer -> producer.currentTxnStartOffset() >= 0)
                            .forEach(producer ->
                                    open.add(new Hanging(topic.name(), partition.partitionIndex(), producer)));
                }
            }
        }
        return open;
    }

    /** Of those that are open, the ones of which no coordinator knows. */
    static List<Hanging> hanging(List<Hanging> open, List<TransactionState> known) {
        Set<Place> places = new HashSet<>();
        for (TransactionState state : known) {
            state.topics()
                    .forEach(topic -> topic.partitions()
                            .forEach(partition -> places.add(new Place(state.producerId(), topic.topic(), partition))));
        }
        return open.stream()
                .filter(each -> !places.contains(new Place(each.producer.producerId(), each.topic, each.partition)))
                .toList();
    }
}

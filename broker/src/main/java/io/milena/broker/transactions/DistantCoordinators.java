package io.milena.broker.transactions;

import io.milena.broker.api.OtherBrokers;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AddPartitionsToTxnRequest;
import io.milena.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.milena.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.milena.protocol.message.AddPartitionsToTxnResponse;
import io.milena.protocol.message.DescribeTransactionsRequest;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What transaction coordinators of other brokers are asked. */
record DistantCoordinators(OtherBrokers others) {
    private static final int ADD_VERSION = 5;
    private static final int LIST_VERSION = 1;
    private static final int DESCRIBE_VERSION = 0;

    /** How a partition leader asks for its partitions. */
    enum Wish {
        ADD,
        VERIFY
    }

    /** Makes the partitions part of the transaction, or looks whether they are (KIP-890). */
    ErrorCode ask(
            int broker, Wish wish, String transactionalId, Producer producer, Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        partitions.forEach(each ->
                topics.computeIfAbsent(each.topic(), name -> new ArrayList<>()).add(each.partition()));
        AddPartitionsToTxnRequest request = AddPartitionsToTxnRequest.builder()
                .transactions(List.of(new AddPartitionsToTxnTransaction(
                        transactionalId,
                        producer.id(),
                        producer.epoch(),
                        wish == Wish.VERIFY,
                        topics.entrySet().stream()
                                .map(topic -> new AddPartitionsToTxnTopic(topic.getKey(), topic.getValue()))
                                .toList())))
                .build();
        try {
            return error(others.ask(broker, request, ADD_VERSION, AddPartitionsToTxnResponse.class));
        } catch (IOException e) {
            return ErrorCode.COORDINATOR_NOT_AVAILABLE;
        }
    }

    /** All are added, or none: the one that is in the way says why. */
    private static ErrorCode error(AddPartitionsToTxnResponse response) {
        return response.errorCode() != ErrorCode.NONE.code()
                ? ErrorCode.of(response.errorCode())
                : response.resultsByTransaction().stream()
                        .flatMap(transaction -> transaction.topicResults().stream())
                        .flatMap(topic -> topic.resultsByPartition().stream())
                        .map(partition -> ErrorCode.of(partition.partitionErrorCode()))
                        .filter(error -> error != ErrorCode.NONE && error != ErrorCode.OPERATION_NOT_ATTEMPTED)
                        .findFirst()
                        .orElse(ErrorCode.NONE);
    }

    /** Whether one of these brokers would end a producer's transaction in a partition. Where that is not known, it counts as known. */
    boolean know(Collection<Integer> brokers, TopicPartition where, long producerId) {
        try {
            for (int broker : brokers) {
                if (knows(broker, where, producerId)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private boolean knows(int broker, TopicPartition where, long producerId) throws IOException {
        ListTransactionsRequest asked = ListTransactionsRequest.builder()
                .producerIdFilters(List.of(producerId))
                .build();
        ListTransactionsResponse listed = others.ask(broker, asked, LIST_VERSION, ListTransactionsResponse.class);
        if (listed.errorCode() != ErrorCode.NONE.code()) {
            return true;
        }
        List<String> ids = listed.transactionStates().stream()
                .map(ListTransactionsResponse.TransactionState::transactionalId)
                .toList();
        if (ids.isEmpty()) {
            return false;
        }
        return others
                .ask(broker, new DescribeTransactionsRequest(ids), DESCRIBE_VERSION, DescribeTransactionsResponse.class)
                .transactionStates()
                .stream()
                .anyMatch(state -> state.errorCode() != ErrorCode.NONE.code() || hasPartition(state, where));
    }

    private static boolean hasPartition(TransactionState state, TopicPartition where) {
        return state.topics().stream()
                .anyMatch(topic -> topic.topic().equals(where.topic())
                        && topic.partitions().contains(where.partition()));
    }
}

package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeProducersRequest;
import io.milena.protocol.message.DescribeProducersRequest.TopicRequest;
import io.milena.protocol.message.DescribeProducersResponse;
import io.milena.protocol.message.DescribeProducersResponse.PartitionResponse;
import io.milena.protocol.message.DescribeProducersResponse.ProducerState;
import io.milena.protocol.message.DescribeTransactionsRequest;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Transactions that are open in partitions, and whether their coordinators know of them. */
final class OpenTransactions {
    private final ClusterClient client;

    OpenTransactions(ClusterClient client) {
        this.client = client;
    }

    /** A transaction that is open in a partition. */
    record Open(String topic, MetadataResponsePartition partition, ProducerState producer) {}

    List<Open> in(String topic) throws IOException {
        List<Open> open = new ArrayList<>();
        for (MetadataResponsePartition partition : client.topic(topic).partitions()) {
            open.addAll(in(topic, partition));
        }
        return open;
    }

    List<Open> in(String topic, MetadataResponsePartition partition) throws IOException {
        String name = topic + "-" + partition.partitionIndex();
        if (partition.leaderId() < 0) {
            throw new CommandFailure(
                    "nobody leads " + name + ", so nobody knows what is open there: milena why partition " + topic + " "
                            + partition.partitionIndex() + " says why");
        }
        DescribeProducersRequest request = DescribeProducersRequest.builder()
                .topics(List.of(new TopicRequest(topic, List.of(partition.partitionIndex()))))
                .build();
        PartitionResponse answer = client.sendToLeader(
                        partition, request, Short.MAX_VALUE, DescribeProducersResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
        ClusterClient.check(answer.errorCode(), "producers of " + name, answer.errorMessage());
        return answer.activeProducers().stream()
                .filter(producer -> producer.currentTxnStartOffset() >= 0)
                .map(producer -> new Open(topic, partition, producer))
                .toList();
    }

    /** Nobody will end it: no transactional id has its producer, or the one that has does not know of the partition. */
    boolean isHanging(Open open) throws IOException {
        ListTransactionsRequest ofProducer = ListTransactionsRequest.builder()
                .producerIdFilters(List.of(open.producer.producerId()))
                .build();
        for (MetadataResponseBroker broker : client.brokers()) {
            ListTransactionsResponse answer = client.sendTo(broker, ofProducer, ListTransactionsResponse.class);
            ClusterClient.check(answer.errorCode(), "transactions"); // it may know the one, and not have loaded it
            for (ListTransactionsResponse.TransactionState each : answer.transactionStates()) {
                if (hasPartition(describe(each.transactionalId()), open)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean hasPartition(DescribeTransactionsResponse.TransactionState transaction, Open open) {
        return transaction.topics().stream()
                .anyMatch(topic -> topic.topic().equals(open.topic)
                        && topic.partitions().contains(open.partition.partitionIndex()));
    }

    DescribeTransactionsResponse.TransactionState describe(String transactionalId) throws IOException {
        DescribeTransactionsRequest request = DescribeTransactionsRequest.builder()
                .transactionalIds(List.of(transactionalId))
                .build();
        DescribeTransactionsResponse.TransactionState state = client.sendToTransactionCoordinator(
                        transactionalId, request, DescribeTransactionsResponse.class)
                .transactionStates()
                .getFirst();
        if (state.errorCode() == ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code()) {
            throw new CommandFailure("no coordinator knows the transactional id " + transactionalId + " ("
                    + ErrorCode.TRANSACTIONAL_ID_NOT_FOUND
                    + "); if readers wait all the same: milena transactions find-hanging");
        }
        ClusterClient.check(state.errorCode(), "transactional id " + transactionalId);
        return state;
    }
}

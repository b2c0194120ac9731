package io.milena.transactions;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeTransactionsResponse.TopicData;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.milena.protocol.message.ListTransactionsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What administrators are told: DescribeTransactions 0, ListTransactions 0-2. */
final class TransactionViews {
    private TransactionViews() {}

    static TransactionState describe(String transactionalId, @Nullable Transaction known) {
        if (known == null) {
            return TransactionState.builder()
                    .transactionalId(transactionalId)
                    .errorCode(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code())
                    .build();
        }
        Map<String, List<Integer>> topics = new TreeMap<>();
        for (TopicPartition each : known.state().involved()) {
            topics.computeIfAbsent(each.topic(), topic -> new ArrayList<>()).add(each.partition());
        }
        return TransactionState.builder()
                .transactionalId(transactionalId)
                .transactionState(known.state().stateName().label())
                .transactionTimeoutMs(known.timeoutMs())
                .transactionStartTimeMs(known.state().begunMs())
                .producerId(known.owner().producerId())
                .producerEpoch(known.owner().epoch())
                .topics(topics.entrySet().stream()
                        .map(topic -> new TopicData(topic.getKey(), topic.getValue()))
                        .toList())
                .build();
    }

    /** Whether it passes the filters on state, producer id and duration. */
    static boolean passes(Transaction transaction, ListTransactionsRequest request, long nowMs) {
        List<String> states = request.stateFilters();
        List<Long> producerIds = request.producerIdFilters();
        boolean isLongEnough =
                request.durationFilter() < 0 || nowMs - transaction.state().begunMs() > request.durationFilter();
        return isLongEnough
                && (states.isEmpty()
                        || states.contains(transaction.state().stateName().label()))
                && (producerIds.isEmpty()
                        || producerIds.contains(transaction.owner().producerId()));
    }
}

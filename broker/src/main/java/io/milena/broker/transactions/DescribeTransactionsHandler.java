package io.milena.broker.transactions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeTransactionsRequest;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
import java.util.ArrayList;
import java.util.List;

/** DescribeTransactions: who has a transactional id, and what its transaction is about. */
public final class DescribeTransactionsHandler implements ApiHandler<DescribeTransactionsRequest> {
    private final TransactionCoordinator coordinator;

    public DescribeTransactionsHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** @param endOffset where the partition ended when it was asked */
    private record Asked(CoordinatorHost host, long endOffset, TransactionState state) {}

    @Override
    public Answer handle(DescribeTransactionsRequest request, RequestContext context) {
        List<TransactionState> refused = new ArrayList<>();
        List<Asked> asked = new ArrayList<>();
        for (String id : request.transactionalIds()) {
            CoordinatorHost host = coordinator.hostOf(id);
            if (id.isEmpty() || host == null) {
                refused.add(refused(id, id.isEmpty() ? ErrorCode.INVALID_REQUEST : coordinator.absence(id)));
            } else {
                TransactionState state = host.read(shard -> shard.describe(id));
                asked.add(new Asked(host, host.endOffset(), state));
            }
        }
        return Answer.later(() -> {
            List<TransactionState> states = new ArrayList<>(refused);
            for (Asked each : asked) {
                states.add(
                        each.host.awaitDurable(each.endOffset)
                                ? each.state
                                : refused(each.state.transactionalId(), ErrorCode.NOT_COORDINATOR));
            }
            return DescribeTransactionsResponse.builder()
                    .transactionStates(states)
                    .build();
        });
    }

    private static TransactionState refused(String id, ErrorCode error) {
        return TransactionState.builder()
                .transactionalId(id)
                .errorCode(error.code())
                .build();
    }
}

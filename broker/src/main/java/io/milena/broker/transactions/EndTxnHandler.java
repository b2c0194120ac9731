package io.milena.broker.transactions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.EndTxnRequest;
import io.milena.protocol.message.EndTxnResponse;
import io.milena.transactions.Command;
import io.milena.transactions.Outcome;
import io.milena.transactions.Producer;
import io.milena.transactions.Result;
import io.milena.transactions.TransactionVersion;

/**
 * EndTxn: commits or aborts. It is decided when the answer is sent; and where nothing is in the way, the markers are there too, so that whoever reads after a commit sees it, and the next transaction can
 * begin at once.
 */
public final class EndTxnHandler implements ApiHandler<EndTxnRequest> {
    private static final short FIRST_VERSION_THAT_KNOWS_FENCED = 2;
    private static final short FIRST_VERSION_WITH_NEW_EPOCH = 5;

    private final TransactionCoordinator coordinator;

    public EndTxnHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Answer handle(EndTxnRequest request, RequestContext context) {
        String id = request.transactionalId();
        TransactionVersion version =
                context.version() >= FIRST_VERSION_WITH_NEW_EPOCH ? TransactionVersion.TV2 : TransactionVersion.TV0;
        PendingResult pending = coordinator.submitWithProducerId(
                id,
                newId -> new Command.EndTransaction(
                        id,
                        new Producer(request.producerId(), request.producerEpoch()),
                        request.committed() ? Outcome.COMMIT : Outcome.ABORT,
                        version,
                        newId));
        return Answer.later(() -> {
            Result result = pending.await();
            CoordinatorHost host = coordinator.hostOf(id);
            if (!result.isRefused() && host != null) {
                host.awaitComplete(id, TransactionEnd.patience(coordinator.clock()));
            }
            return response(result, context);
        });
    }

    private static EndTxnResponse response(Result result, RequestContext context) {
        boolean isOldFenced =
                context.version() < FIRST_VERSION_THAT_KNOWS_FENCED && result.error() == ErrorCode.PRODUCER_FENCED;
        ErrorCode error = isOldFenced ? ErrorCode.INVALID_PRODUCER_EPOCH : result.error();
        return EndTxnResponse.builder()
                .errorCode(error.code())
                .producerId(result.producer().id())
                .producerEpoch(result.producer().epoch())
                .build();
    }
}

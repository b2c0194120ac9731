package io.milena.broker.transactions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.transactions.Command;
import io.milena.transactions.Producer;
import io.milena.transactions.Result;
import java.util.OptionalLong;

/**
 * InitProducerId: a number that no other producer has. With a transactional id, its coordinator gives it, with an epoch that fences whoever had the id before.
 */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequest> {
    private static final short FIRST_VERSION_THAT_KNOWS_FENCED = 4;

    private final TransactionCoordinator coordinator;
    private final ProducerIds producerIds;

    public InitProducerIdHandler(TransactionCoordinator coordinator, ProducerIds producerIds) {
        this.coordinator = coordinator;
        this.producerIds = producerIds;
    }

    @Override
    public Answer handle(InitProducerIdRequest request, RequestContext context) {
        // A client names both of the id and the epoch that it has, or neither.
        if ((request.producerId() == Producer.NONE.id()) != (request.producerEpoch() == Producer.NONE.epoch())) {
            return Answer.now(response(Result.refused(ErrorCode.INVALID_REQUEST), context));
        }
        String transactionalId = request.transactionalId();
        if (transactionalId == null) {
            OptionalLong id = producerIds.take();
            return Answer.now(
                    id.isPresent()
                            ? response(new Result(ErrorCode.NONE, new Producer(id.getAsLong(), (short) 0)), context)
                            : response(Result.refused(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS), context));
        }
        Producer expected = request.producerId() == Producer.NONE.id()
                ? null
                : new Producer(request.producerId(), request.producerEpoch());
        PendingResult result = coordinator.submitWithProducerId(
                transactionalId,
                newId -> new Command.InitProducerId(transactionalId, request.transactionTimeoutMs(), expected, newId));
        return Answer.later(() -> response(result.await(), context));
    }

    private static InitProducerIdResponse response(Result result, RequestContext context) {
        boolean isOldFenced =
                context.version() < FIRST_VERSION_THAT_KNOWS_FENCED && result.error() == ErrorCode.PRODUCER_FENCED;
        ErrorCode error = isOldFenced ? ErrorCode.INVALID_PRODUCER_EPOCH : result.error();
        return InitProducerIdResponse.builder()
                .errorCode(error.code())
                .producerId(result.producer().id())
                .producerEpoch(result.producer().epoch())
                .build();
    }
}

package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import java.util.concurrent.locks.ReentrantLock;

/** InitProducerId for idempotent producers: a number that no other producer has, from blocks that the controller hands out. */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequest> {
    /** Instead of an id and of an epoch: a client names both of those that it has, or neither. */
    private static final int NONE = -1;

    private final ClusterMetadata metadata;
    private final Controller controller;
    private final ReentrantLock lock = new ReentrantLock();
    private long next;
    private long blockEnd;

    public InitProducerIdHandler(ClusterMetadata metadata, Controller controller) {
        this.metadata = metadata;
        this.controller = controller;
    }

    @Override
    public Answer handle(InitProducerIdRequest request, RequestContext context) {
        if ((request.producerId() == NONE) != (request.producerEpoch() == NONE)) {
            return Answer.now(failed(ErrorCode.INVALID_REQUEST));
        }
        String transactionalId = request.transactionalId();
        if (transactionalId != null) {
            if (transactionalId.isEmpty()) {
                return Answer.now(failed(ErrorCode.INVALID_REQUEST));
            }
            // There is no transaction coordinator yet.
            return Answer.now(failed(ErrorCode.COORDINATOR_NOT_AVAILABLE));
        }
        lock.lock();
        try {
            if (next == blockEnd && !takeBlock()) {
                return Answer.now(failed(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
            }
            return Answer.now(InitProducerIdResponse.builder()
                    .producerId(next++)
                    .producerEpoch((short) 0)
                    .build());
        } finally {
            lock.unlock();
        }
    }

    private boolean takeBlock() {
        long[] start = new long[1];
        Decision decision = metadata.decide((ClusterImage image) -> {
            start[0] = image.nextProducerId();
            return controller.allocateProducerIds(image);
        });
        if (decision.isRefused()) {
            return false;
        }
        next = start[0];
        blockEnd = next + Controller.PRODUCER_ID_BLOCK;
        return true;
    }

    private static InitProducerIdResponse failed(ErrorCode error) {
        return InitProducerIdResponse.builder()
                .errorCode(error.code())
                .producerId(-1)
                .producerEpoch((short) -1)
                .build();
    }
}

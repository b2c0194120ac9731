package io.milena.broker.transactions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.groups.GroupCoordinator;
import io.milena.broker.partitions.InternalTopics;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AddOffsetsToTxnRequest;
import io.milena.protocol.message.AddOffsetsToTxnResponse;
import io.milena.transactions.Command;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import io.milena.transactions.TransactionVersion;
import java.util.List;
import java.util.TreeSet;

/** AddOffsetsToTxn: the partition in which a group's offsets are becomes part of the transaction. */
public final class AddOffsetsToTxnHandler implements ApiHandler<AddOffsetsToTxnRequest> {
    private static final short FIRST_VERSION_THAT_KNOWS_FENCED = 2;

    private final TransactionCoordinator coordinator;
    private final GroupCoordinator groups;

    public AddOffsetsToTxnHandler(TransactionCoordinator coordinator, GroupCoordinator groups) {
        this.coordinator = coordinator;
        this.groups = groups;
    }

    @Override
    public Answer handle(AddOffsetsToTxnRequest request, RequestContext context) {
        if (groups.ensureReady() != ErrorCode.NONE) {
            return Answer.now(response(ErrorCode.COORDINATOR_NOT_AVAILABLE, context));
        }
        TopicPartition offsets =
                new TopicPartition(InternalTopics.CONSUMER_OFFSETS, groups.partitionOf(request.groupId()));
        PendingResult result = coordinator.submit(
                request.transactionalId(),
                new Command.AddPartitions(
                        request.transactionalId(),
                        new Producer(request.producerId(), request.producerEpoch()),
                        new TreeSet<>(List.of(offsets)),
                        TransactionVersion.TV0));
        return Answer.later(() -> response(result.await().error(), context));
    }

    private static AddOffsetsToTxnResponse response(ErrorCode error, RequestContext context) {
        boolean isOldFenced = context.version() < FIRST_VERSION_THAT_KNOWS_FENCED && error == ErrorCode.PRODUCER_FENCED;
        return AddOffsetsToTxnResponse.builder()
                .errorCode((isOldFenced ? ErrorCode.INVALID_PRODUCER_EPOCH : error).code())
                .build();
    }
}

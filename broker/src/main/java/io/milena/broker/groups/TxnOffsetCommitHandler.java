package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.partitions.InternalTopics;
import io.milena.broker.partitions.TransactionGate;
import io.milena.groups.Command;
import io.milena.groups.Refusals;
import io.milena.metadata.ClusterImage;
import io.milena.network.CloseConnection;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.milena.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.milena.protocol.message.TxnOffsetCommitResponse;
import io.milena.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import io.milena.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * TxnOffsetCommit: offsets that are committed with a transaction. The group's partition has to be part of it: since v5 this adds it, before AddOffsetsToTxn must have (KIP-890). What is not of
 * partitions that exist is answered here.
 */
public final class TxnOffsetCommitHandler implements ApiHandler<TxnOffsetCommitRequest> {
    private static final short FIRST_VERSION_THAT_KNOWS_ABORTABLE = 4;
    private static final short FIRST_VERSION_THAT_ADDS = 5;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 6;

    private final GroupCoordinator coordinator;
    private final ClusterMetadata metadata;
    private final TransactionGate gate;

    public TxnOffsetCommitHandler(GroupCoordinator coordinator, ClusterMetadata metadata, TransactionGate gate) {
        this.coordinator = coordinator;
        this.metadata = metadata;
        this.gate = gate;
    }

    @Override
    public Answer handle(TxnOffsetCommitRequest request, RequestContext context) {
        List<TxnOffsetCommitRequestTopic> known = new ArrayList<>();
        List<TxnOffsetCommitResponseTopic> unknown = new ArrayList<>();
        request.topics().forEach(topic -> split(topic, context.version(), known, unknown));
        if (known.isEmpty()) {
            return Answer.now(TxnOffsetCommitResponse.builder().topics(unknown).build());
        }
        PendingReply reply = commit(request.toBuilder().topics(known).build(), context);
        return Answer.later(() -> {
            List<TxnOffsetCommitResponseTopic> all =
                    new ArrayList<>(((TxnOffsetCommitResponse) reply.await()).topics());
            all.addAll(unknown);
            return TxnOffsetCommitResponse.builder().topics(all).build();
        });
    }

    private void split(
            TxnOffsetCommitRequestTopic asked,
            short version,
            List<TxnOffsetCommitRequestTopic> known,
            List<TxnOffsetCommitResponseTopic> unknown) {
        boolean usesIds = version >= FIRST_VERSION_WITH_TOPIC_IDS;
        ClusterImage.Topic topic = usesIds
                ? metadata.image().topic(asked.topicId())
                : metadata.image().topic(asked.name());
        int count = topic == null ? 0 : topic.partitions().size();
        List<TxnOffsetCommitRequestPartition> there = asked.partitions().stream()
                .filter(each -> each.partitionIndex() >= 0 && each.partitionIndex() < count)
                .toList();
        if (topic != null && !there.isEmpty()) {
            known.add(new TxnOffsetCommitRequestTopic(topic.name(), topic.id(), there));
        }
        if (there.size() < asked.partitions().size()) {
            ErrorCode error =
                    topic == null && usesIds ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            unknown.add(new TxnOffsetCommitResponseTopic(
                    asked.name(),
                    asked.topicId(),
                    asked.partitions().stream()
                            .filter(each -> !there.contains(each))
                            .map(each -> new TxnOffsetCommitResponsePartition(each.partitionIndex(), error.code()))
                            .toList()));
        }
    }

    private PendingReply commit(TxnOffsetCommitRequest request, RequestContext context) {
        try {
            while (true) {
                ShardHost shard = coordinator.shardOf(request.groupId());
                if (shard == null) {
                    return refused(request, coordinator.absence(request.groupId()));
                }
                long ended = shard.endedTransactions();
                ErrorCode error = enter(request, context.version());
                if (error != ErrorCode.NONE) {
                    return refused(request, forClient(error, context.version()));
                }
                PendingReply reply = shard.submitUnlessEnded(
                        context, asker -> new Command.CommitTransactionalOffsets(asker, request), ended);
                if (reply != null) {
                    return reply;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnection("it ends while a transaction is asked for");
        }
    }

    private ErrorCode enter(TxnOffsetCommitRequest request, short version) throws InterruptedException {
        TopicPartition offsets =
                new TopicPartition(InternalTopics.CONSUMER_OFFSETS, coordinator.partitionOf(request.groupId()));
        Producer producer = new Producer(request.producerId(), request.producerEpoch());
        return version >= FIRST_VERSION_THAT_ADDS
                ? gate.add(request.transactionalId(), producer, new TreeSet<>(List.of(offsets)))
                : gate.verify(request.transactionalId(), producer, offsets);
    }

    private static PendingReply refused(TxnOffsetCommitRequest request, ErrorCode error) {
        return PendingReply.given(Refusals.refuseCommit(request, error));
    }

    /** The transaction coordinator's error in words that a client acts on which asks the group's. */
    private static ErrorCode forClient(ErrorCode error, short version) {
        return switch (error) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case TRANSACTION_ABORTABLE ->
                version < FIRST_VERSION_THAT_KNOWS_ABORTABLE ? ErrorCode.INVALID_TXN_STATE : error;
            case CONCURRENT_TRANSACTIONS ->
                version < FIRST_VERSION_THAT_ADDS ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : error;
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE -> ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
            default -> error;
        };
    }
}

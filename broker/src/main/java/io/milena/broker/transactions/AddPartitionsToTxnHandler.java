package io.milena.broker.transactions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.partitions.Partitions;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AddPartitionsToTxnRequest;
import io.milena.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.milena.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.milena.protocol.message.AddPartitionsToTxnResponse;
import io.milena.protocol.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.milena.protocol.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.milena.protocol.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import io.milena.transactions.Command;
import io.milena.transactions.Producer;
import io.milena.transactions.Result;
import io.milena.transactions.TopicPartition;
import io.milena.transactions.TransactionVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * AddPartitionsToTxn. Until v3 a client names partitions before it writes to them: all are added, or none. Since v4 brokers ask, for many transactional ids, to add or to verify.
 */
public final class AddPartitionsToTxnHandler implements ApiHandler<AddPartitionsToTxnRequest> {
    private static final short FIRST_VERSION_THAT_KNOWS_FENCED = 2;
    private static final short FIRST_VERSION_OF_BROKERS = 4;
    private static final short FIRST_VERSION_THAT_KNOWS_ABORTABLE = 5;

    private final TransactionCoordinator coordinator;
    private final Partitions partitions;

    public AddPartitionsToTxnHandler(TransactionCoordinator coordinator, Partitions partitions) {
        this.coordinator = coordinator;
        this.partitions = partitions;
    }

    /** The outcome of one transaction: what is known already, and what is awaited for the others. */
    private record Asked(
            AddPartitionsToTxnTransaction transaction,
            Map<TopicPartition, ErrorCode> known,
            PendingResult result,
            short version) {
        List<AddPartitionsToTxnTopicResult> await() throws InterruptedException {
            ErrorCode error = result.await().error();
            return transaction.topics().stream()
                    .map(topic -> new AddPartitionsToTxnTopicResult(
                            topic.name(),
                            topic.partitions().stream()
                                    .map(index -> new AddPartitionsToTxnPartitionResult(
                                            index,
                                            forClient(outcome(new TopicPartition(topic.name(), index), error))
                                                    .code()))
                                    .toList()))
                    .toList();
        }

        /** What is known counts, unless what it rests on is gone. */
        private ErrorCode outcome(TopicPartition partition, ErrorCode error) {
            return error == ErrorCode.NONE ? known.getOrDefault(partition, error) : error;
        }

        private ErrorCode forClient(ErrorCode error) {
            return switch (error) {
                case PRODUCER_FENCED ->
                    version < FIRST_VERSION_THAT_KNOWS_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
                case TRANSACTION_ABORTABLE ->
                    version < FIRST_VERSION_THAT_KNOWS_ABORTABLE ? ErrorCode.INVALID_TXN_STATE : error;
                default -> error;
            };
        }
    }

    @Override
    public Answer handle(AddPartitionsToTxnRequest request, RequestContext context) {
        if (context.version() < FIRST_VERSION_OF_BROKERS) {
            Asked asked = add(
                    new AddPartitionsToTxnTransaction(
                            request.v3AndBelowTransactionalId(),
                            request.v3AndBelowProducerId(),
                            request.v3AndBelowProducerEpoch(),
                            false,
                            request.v3AndBelowTopics()),
                    TransactionVersion.TV0,
                    context.version());
            return Answer.later(() -> AddPartitionsToTxnResponse.builder()
                    .resultsByTopicV3AndBelow(asked.await())
                    .build());
        }
        List<Asked> all = request.transactions().stream()
                .map(each -> each.verifyOnly()
                        ? verify(each, context.version())
                        : add(each, TransactionVersion.TV2, context.version()))
                .toList();
        return Answer.later(() -> {
            List<AddPartitionsToTxnResult> results = new ArrayList<>();
            for (Asked each : all) {
                results.add(new AddPartitionsToTxnResult(each.transaction.transactionalId(), each.await()));
            }
            return AddPartitionsToTxnResponse.builder()
                    .resultsByTransaction(results)
                    .build();
        });
    }

    private Asked add(AddPartitionsToTxnTransaction transaction, TransactionVersion clientVersion, short version) {
        SortedSet<TopicPartition> wanted = wanted(transaction.topics());
        Map<TopicPartition, ErrorCode> missing = new LinkedHashMap<>();
        for (TopicPartition each : wanted) {
            if (partitions.find(each.topic(), each.partition()) instanceof Partitions.Missing(ErrorCode error)
                    && error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                missing.put(each, error);
            }
        }
        if (!missing.isEmpty()) {
            wanted.forEach(each -> missing.putIfAbsent(each, ErrorCode.OPERATION_NOT_ATTEMPTED));
            return new Asked(transaction, missing, PendingResult.refused(ErrorCode.NONE), version);
        }
        PendingResult result = coordinator.submit(
                transaction.transactionalId(),
                new Command.AddPartitions(transaction.transactionalId(), producer(transaction), wanted, clientVersion));
        return new Asked(transaction, Map.of(), result, version);
    }

    private Asked verify(AddPartitionsToTxnTransaction transaction, short version) {
        CoordinatorHost host = coordinator.hostOf(transaction.transactionalId());
        if (host == null) {
            ErrorCode absence = coordinator.absence(transaction.transactionalId());
            return new Asked(transaction, Map.of(), PendingResult.refused(absence), version);
        }
        Map<TopicPartition, ErrorCode> errors = new LinkedHashMap<>();
        for (TopicPartition each : wanted(transaction.topics())) {
            errors.put(
                    each,
                    host.read(shard -> shard.verify(
                            transaction.transactionalId(), producer(transaction), new TreeSet<>(List.of(each)))));
        }
        // A partition that was added a moment ago, and is forgotten with this coordinator, must not take records.
        return new Asked(transaction, errors, host.now(Result.refused(ErrorCode.NONE)), version);
    }

    private static Producer producer(AddPartitionsToTxnTransaction transaction) {
        return new Producer(transaction.producerId(), transaction.producerEpoch());
    }

    private static SortedSet<TopicPartition> wanted(List<AddPartitionsToTxnTopic> topics) {
        SortedSet<TopicPartition> wanted = new TreeSet<>();
        topics.forEach(topic ->
                topic.partitions().forEach(index -> wanted.add(new TopicPartition(topic.name(), index))));
        return wanted;
    }
}

package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.network.CloseConnection;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.milena.protocol.message.ProduceResponse.TopicProduceResponse;
import io.milena.records.BatchHeader;
import io.milena.records.Compression;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Produce: appends each partition's batches, in the order of the request, on the reader thread. With {@code acks=all} the answer then waits until all
 * of them are forced to disk; with {@code acks=1} they are in the page cache; with {@code acks=0} nothing is answered, and an error closes
 * the connection, which is the only way to tell.
 */
public final class ProduceHandler implements ApiHandler<ProduceRequest> {
    private static final short FIRST_VERSION_WITH_ZSTD = 7;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private static final short ACKS_ALL = -1;

    private final Partitions partitions;
    private final TransactionGate transactions;
    private final Clock clock;
    private final LeaderHints hints;
    private final RefusedBatches refused = new RefusedBatches();

    public ProduceHandler(Partitions partitions, TransactionGate transactions, Clock clock, LeaderHints hints) {
        this.partitions = partitions;
        this.transactions = transactions;
        this.clock = clock;
        this.hints = hints;
    }

    @Override
    public Answer handle(ProduceRequest request, RequestContext context) {
        if (request.acks() < ACKS_ALL || request.acks() > 1) {
            return Answer.now(refuseAll(request, ErrorCode.INVALID_REQUIRED_ACKS));
        }
        boolean isTransactional = isTransactional(request);
        String transactionalId = request.transactionalId();
        if (isTransactional && transactionalId == null) {
            return Answer.now(refuseAll(request, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        TransactionalAppends appends = isTransactional && transactionalId != null
                ? expected(request, new TransactionalAppends(transactions, transactionalId, context.version()), context)
                : null;
        List<Topic> topics = new ArrayList<>(request.topicData().size());
        boolean hasFailed = false;
        for (TopicProduceData data : request.topicData()) {
            Topic topic = append(data, appends, new Terms(context.version(), request.acks() == ACKS_ALL));
            hasFailed |= topic.hasFailed();
            topics.add(topic);
        }
        if (request.acks() == 0) {
            if (hasFailed) {
                throw new CloseConnection(
                        "a produce request with acks=0 failed, and closing is the only way to say so");
            }
            return Answer.none();
        }
        if (request.acks() == 1) {
            return Answer.now(hints.added(response(topics), context.version()));
        }
        // All are asked for before any is waited for, so that requests in flight and their partitions share their
        // forces.
        topics.forEach(topic -> topic.outcomes.forEach(PartitionOutcome::hurry));
        Deadline deadline = Deadline.afterMs(clock, request.timeoutMs());
        return Answer.soon(() -> areOver(topics), () -> {
            for (Topic topic : topics) {
                for (PartitionOutcome outcome : topic.outcomes) {
                    outcome.awaitReplicated(deadline);
                }
            }
            return hints.added(response(topics), context.version());
        });
    }

    private static boolean areOver(List<Topic> topics) {
        for (Topic topic : topics) {
            for (PartitionOutcome outcome : topic.outcomes) {
                if (!outcome.isOver()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isTransactional(ProduceRequest request) {
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData data : topic.partitionData()) {
                if (TransactionalAppends.header(data) != null) {
                    return true;
                }
            }
        }
        return false;
    }

    private TransactionalAppends expected(
            ProduceRequest request, TransactionalAppends appends, RequestContext context) {
        for (TopicProduceData data : request.topicData()) {
            for (PartitionProduceData each : data.partitionData()) {
                if (TransactionalAppends.header(each) != null
                        && find(data, each, context.version()) instanceof Partitions.Found(Partition partition)
                        && !InternalTopics.isInternal(partition.topic())) {
                    appends.expect(partition);
                }
            }
        }
        return appends;
    }

    private Partitions.Lookup find(TopicProduceData topic, PartitionProduceData data, short version) {
        return version >= FIRST_VERSION_WITH_TOPIC_IDS
                ? partitions.find(topic.topicId(), data.index())
                : partitions.find(topic.name(), data.index());
    }

    /** Of a request. */
    private record Terms(short version, boolean needsAll) {}

    private Topic append(TopicProduceData data, @Nullable TransactionalAppends appends, Terms terms) {
        List<PartitionOutcome> outcomes = new ArrayList<>(data.partitionData().size());
        for (PartitionProduceData partitionData : data.partitionData()) {
            PartitionOutcome outcome = switch (find(data, partitionData, terms.version)) {
                case Partitions.Missing missing -> PartitionOutcome.failed(partitionData.index(), missing.error());
                case Partitions.Found(Partition partition) ->
                    refused.isOvertaking(data, partitionData, partition)
                            ? PartitionOutcome.failed(partitionData.index(), ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
                            : append(partition, partitionData, appends, terms);
            };
            refused.note(data, partitionData, outcome);
            outcomes.add(outcome);
        }
        return new Topic(data, outcomes);
    }

    private static PartitionOutcome append(
            Partition partition, PartitionProduceData data, @Nullable TransactionalAppends appends, Terms terms) {
        if (InternalTopics.isInternal(partition.topic())) {
            return PartitionOutcome.failed(data.index(), ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        if (!(data.records() instanceof Payload.InMemory records) || records.sizeInBytes() == 0) {
            return PartitionOutcome.failed(data.index(), ErrorCode.INVALID_RECORD);
        }
        if (terms.version < FIRST_VERSION_WITH_ZSTD
                && BatchHeader.isCompressedWith(Compression.ZSTD, records.bytes())) {
            return PartitionOutcome.failed(data.index(), ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        }
        BatchHeader transactional = appends == null ? null : TransactionalAppends.header(data);
        if (appends != null && transactional != null) {
            return appends.append(partition, data, records, transactional);
        }
        int leaderEpoch = partition.leaderEpoch();
        return PartitionOutcome.of(
                partition, leaderEpoch, data.index(), partition.append(records.bytes(), terms.needsAll));
    }

    private static ProduceResponse response(List<Topic> topics) {
        List<TopicProduceResponse> responses = new ArrayList<>(topics.size());
        for (Topic topic : topics) {
            responses.add(TopicProduceResponse.builder()
                    .name(topic.data.name())
                    .topicId(topic.data.topicId())
                    .partitionResponses(topic.responses())
                    .build());
        }
        return ProduceResponse.builder().responses(responses).build();
    }

    private static ProduceResponse refuseAll(ProduceRequest request, ErrorCode error) {
        List<Topic> topics = request.topicData().stream()
                .map(data -> new Topic(
                        data,
                        data.partitionData().stream()
                                .map(partition -> PartitionOutcome.failed(partition.index(), error))
                                .toList()))
                .toList();
        return response(topics);
    }

    /** The outcomes of one topic of a request; its name or id is echoed. */
    private record Topic(TopicProduceData data, List<PartitionOutcome> outcomes) {
        boolean hasFailed() {
            for (PartitionOutcome outcome : outcomes) {
                if (outcome.isFailed()) {
                    return true;
                }
            }
            return false;
        }

        List<PartitionProduceResponse> responses() {
            List<PartitionProduceResponse> responses = new ArrayList<>(outcomes.size());
            for (PartitionOutcome outcome : outcomes) {
                responses.add(outcome.response());
            }
            return responses;
        }
    }
}

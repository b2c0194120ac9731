package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.*;
import io.milena.records.RecordBatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A transactional producer of one topic over one connection, as a client of today, or an old one that names partitions before it writes to them. Each step answers whether it may go on: fenced, or told
 * to come again, it introduces itself anew over another connection. What else it is told breaks a promise.
 */
final class WireProducer {
    /** The answer to a write that was refused. */
    static final long REFUSED = -1;

    private final WireClient connection;
    private final String id;
    private final String topic;
    private final boolean isOld;
    private long producerId = -1;
    private short epoch;
    /** The next one of each partition. */
    private int[] sequences;

    WireProducer(WireClient connection, String id, String topic, int partitions, boolean isOld) {
        this.connection = connection;
        this.id = id;
        this.topic = topic;
        this.isOld = isOld;
        this.sequences = new int[partitions];
    }

    /** Of today, or with a third of the chances an old one. */
    static WireProducer any(RandomGenerator random, WireClient connection, String id, String topic, int partitions) {
        return new WireProducer(connection, id, topic, partitions, random.nextInt(3) == 0);
    }

    /** Whether the group and the transactional id have coordinators. */
    static boolean hasCoordinators(WireClient connection, String group, String id) throws IOException {
        for (byte type = 0; type < 2; type++) {
            FindCoordinatorRequest request = FindCoordinatorRequest.builder()
                    .keyType(type)
                    .coordinatorKeys(List.of(type == 0 ? group : id))
                    .build();
            FindCoordinatorResponse answer = connection.ask(request, 4, FindCoordinatorResponse.class);
            if (answer.coordinators().getFirst().errorCode() != ErrorCode.NONE.code()) {
                return false;
            }
        }
        return true;
    }

    boolean introduce(int timeoutMs) throws IOException {
        InitProducerIdResponse answer = connection.ask(
                InitProducerIdRequest.builder()
                        .transactionalId(id)
                        .transactionTimeoutMs(timeoutMs)
                        .build(),
                4,
                InitProducerIdResponse.class);
        take(answer.producerId(), answer.producerEpoch());
        return isFine(answer.errorCode(), "introducing itself", ErrorCode.NOT_COORDINATOR);
    }

    private void take(long newProducerId, short newEpoch) {
        if (newProducerId != producerId || newEpoch != epoch) {
            sequences = new int[sequences.length];
        }
        producerId = newProducerId;
        epoch = newEpoch;
    }

    /** Answers the offset of the first record, or {@link #REFUSED}. */
    long write(int partition, long nowMs, List<ByteBuffer> keys) throws IOException {
        if (!add(partition)) {
            return REFUSED;
        }
        RecordBatchBuilder batch = new RecordBatchBuilder()
                .producer(producerId, epoch, sequences[partition])
                .transactional();
        keys.forEach(key -> batch.append(nowMs, key, null));
        ProduceRequest.PartitionProduceData data = ProduceRequest.PartitionProduceData.builder()
                .index(partition)
                .records(new Payload.InMemory(batch.build().buffer()))
                .build();
        ProduceRequest request = ProduceRequest.builder()
                .transactionalId(id)
                .acks((short) -1)
                .timeoutMs(30_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name(topic)
                        .partitionData(List.of(data))
                        .build()))
                .build();
        ProduceResponse.PartitionProduceResponse answer = connection
                .ask(request, isOld ? 11 : 12, ProduceResponse.class)
                .responses()
                .getFirst()
                .partitionResponses()
                .getFirst();
        sequences[partition] += keys.size();
        boolean isFine = isFine(
                answer.errorCode(),
                "writing",
                ErrorCode.NOT_ENOUGH_REPLICAS,
                ErrorCode.TRANSACTION_ABORTABLE,
                ErrorCode.INVALID_TXN_STATE);
        return isFine ? answer.baseOffset() : REFUSED;
    }

    private boolean add(int partition) throws IOException {
        if (!isOld) {
            return true;
        }
        AddPartitionsToTxnResponse answer = connection.ask(
                AddPartitionsToTxnRequest.builder()
                        .v3AndBelowTransactionalId(id)
                        .v3AndBelowProducerId(producerId)
                        .v3AndBelowProducerEpoch(epoch)
                        .v3AndBelowTopics(List.of(
                                new AddPartitionsToTxnRequest.AddPartitionsToTxnTopic(topic, List.of(partition))))
                        .build(),
                3,
                AddPartitionsToTxnResponse.class);
        return isFine(
                answer.resultsByTopicV3AndBelow()
                        .getFirst()
                        .resultsByPartition()
                        .getFirst()
                        .partitionErrorCode(),
                "adding a partition",
                ErrorCode.NOT_COORDINATOR);
    }

    /** Commits an offset of partition 0 with the transaction. */
    boolean commitOffset(String group, int offset) throws IOException {
        if (!addOffsets(group)) {
            return false;
        }
        TxnOffsetCommitRequest request = TxnOffsetCommitRequest.builder()
                .transactionalId(id)
                .groupId(group)
                .producerId(producerId)
                .producerEpoch(epoch)
                .topics(List.of(TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic.builder()
                        .name(topic)
                        .partitions(
                                List.of(new TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition(0, offset, -1, "")))
                        .build()))
                .build();
        TxnOffsetCommitResponse answer = connection.ask(request, isOld ? 3 : 5, TxnOffsetCommitResponse.class);
        return isFine(
                answer.topics().getFirst().partitions().getFirst().errorCode(),
                "committing an offset",
                ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
                ErrorCode.NOT_COORDINATOR,
                ErrorCode.TRANSACTION_ABORTABLE,
                ErrorCode.INVALID_TXN_STATE);
    }

    private boolean addOffsets(String group) throws IOException {
        if (!isOld) {
            return true;
        }
        AddOffsetsToTxnResponse answer = connection.ask(
                new AddOffsetsToTxnRequest(id, producerId, epoch, group), 3, AddOffsetsToTxnResponse.class);
        return isFine(answer.errorCode(), "adding offsets", ErrorCode.NOT_COORDINATOR);
    }

    boolean end(boolean isCommit) throws IOException {
        askToEnd(isCommit);
        EndTxnResponse answer = connection.receive(EndTxnResponse.class);
        boolean isDone = isFine(
                answer.errorCode(), "ending a transaction", ErrorCode.NOT_COORDINATOR, ErrorCode.INVALID_TXN_STATE);
        if (isDone && !isOld) {
            take(answer.producerId(), answer.producerEpoch());
        }
        return isDone;
    }

    /** Does not wait for the answer. */
    void askToEnd(boolean isCommit) throws IOException {
        EndTxnRequest request = EndTxnRequest.builder()
                .transactionalId(id)
                .producerId(producerId)
                .producerEpoch(epoch)
                .committed(isCommit)
                .build();
        connection.send(request, isOld ? 4 : 5);
    }

    private static boolean isFine(short code, String what, ErrorCode... expected) {
        ErrorCode error = ErrorCode.of(code);
        List<ErrorCode> allowed = new ArrayList<>(List.of(expected));
        allowed.add(ErrorCode.PRODUCER_FENCED);
        allowed.add(ErrorCode.INVALID_PRODUCER_EPOCH);
        allowed.add(ErrorCode.CONCURRENT_TRANSACTIONS);
        allowed.add(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        if (error != ErrorCode.NONE && !allowed.contains(error)) {
            throw new History.Violation(what + " was refused: " + error);
        }
        return error == ErrorCode.NONE;
    }
}

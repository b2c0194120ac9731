package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.AddOffsetsToTxnRequest;
import io.milena.protocol.message.AddOffsetsToTxnResponse;
import io.milena.protocol.message.AddPartitionsToTxnRequest;
import io.milena.protocol.message.AddPartitionsToTxnResponse;
import io.milena.protocol.message.EndTxnRequest;
import io.milena.protocol.message.EndTxnResponse;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.protocol.message.TxnOffsetCommitResponse;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.simulator.Brokers.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A transactional producer of one topic, as a client of today, or an old one that names partitions before it writes to them. What may pass it tries again, in the same words, as long as its brokers have it come again; each
 * step answers whether it may go on. Fenced, it introduces itself anew. What else it is told breaks a promise.
 */
final class WireProducer {
    /** The answer to a write that was refused. */
    static final long REFUSED = -1;

    /** After these, saying it again does not help. */
    private static final Set<ErrorCode> FINAL = EnumSet.of(
            ErrorCode.PRODUCER_FENCED,
            ErrorCode.INVALID_PRODUCER_EPOCH,
            ErrorCode.TRANSACTION_ABORTABLE,
            ErrorCode.INVALID_TXN_STATE);

    private final Brokers brokers;
    private final String id;
    private final String topic;
    private final boolean isOld;
    private final Target coordinator;
    private long producerId = -1;
    private short epoch;
    /** The next one of each partition. */
    private int[] sequences;

    private WireProducer(Brokers brokers, String id, String topic, int partitions, boolean isOld) {
        this.brokers = brokers;
        this.id = id;
        this.topic = topic;
        this.isOld = isOld;
        this.coordinator = Target.ofTransactions(id);
        this.sequences = new int[partitions];
    }

    /** Of today, or with a third of the chances an old one. */
    static WireProducer any(Brokers brokers, String id, String topic, int partitions) {
        return new WireProducer(brokers, id, topic, partitions, brokers.random().nextInt(3) == 0);
    }

    /** One way to ask for something. */
    private interface Try {
        short error() throws IOException;
    }

    private boolean isDone(String what, Try once, ErrorCode... expected) throws IOException {
        EnumSet<ErrorCode> allowed = EnumSet.of(
                ErrorCode.PRODUCER_FENCED,
                ErrorCode.INVALID_PRODUCER_EPOCH,
                ErrorCode.CONCURRENT_TRANSACTIONS,
                ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        allowed.addAll(List.of(expected));
        while (true) {
            try {
                short error = once.error();
                if (brokers.isFine(error, what, allowed.toArray(ErrorCode[]::new))) {
                    return true;
                }
                if (FINAL.contains(ErrorCode.of(error)) || !brokers.comesAgain()) {
                    return false;
                }
            } catch (IOException e) {
                if (!brokers.comesAgain()) {
                    throw e;
                }
            }
        }
    }

    boolean introduce(int timeoutMs) throws IOException {
        InitProducerIdRequest request = InitProducerIdRequest.builder()
                .transactionalId(id)
                .transactionTimeoutMs(timeoutMs)
                .build();
        return isDone(
                "introducing itself",
                () -> {
                    InitProducerIdResponse answer = brokers.ask(coordinator, request, 4, InitProducerIdResponse.class);
                    take(answer.producerId(), answer.producerEpoch());
                    return answer.errorCode();
                },
                ErrorCode.NOT_COORDINATOR);
    }

    private void take(long newProducerId, short newEpoch) {
        if (newProducerId != producerId || newEpoch != epoch) {
            sequences = new int[sequences.length];
        }
        producerId = newProducerId;
        epoch = newEpoch;
    }

    /** Answers the offset of the first record, or {@link #REFUSED}. */
    long write(int partition, List<ByteBuffer> keys) throws IOException {
        if (!add(partition)) {
            return REFUSED;
        }
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .producer(producerId, epoch, sequences[partition])
                .transactional();
        keys.forEach(key -> builder.append(brokers.nowMs(), key, null));
        RecordBatch batch = builder.build();
        Target leader = Target.leader(topic, partition);
        long[] offset = {REFUSED};
        boolean isWritten = isDone(
                "writing to " + topic + "-" + partition + " as " + this,
                () -> {
                    ProduceResponse.PartitionProduceResponse answer = brokers.ask(
                                    leader, request(partition, batch), isOld ? 11 : 12, ProduceResponse.class)
                            .responses()
                            .getFirst()
                            .partitionResponses()
                            .getFirst();
                    offset[0] = answer.baseOffset();
                    return answer.errorCode();
                },
                ErrorCode.NOT_ENOUGH_REPLICAS,
                ErrorCode.TRANSACTION_ABORTABLE,
                ErrorCode.INVALID_TXN_STATE);
        if (!isWritten) {
            return REFUSED;
        }
        sequences[partition] += keys.size();
        brokers.acknowledged(leader, offset[0], batch);
        return offset[0];
    }

    private ProduceRequest request(int partition, RecordBatch batch) {
        ProduceRequest.PartitionProduceData data = ProduceRequest.PartitionProduceData.builder()
                .index(partition)
                .records(new Payload.InMemory(batch.buffer().duplicate()))
                .build();
        return ProduceRequest.builder()
                .transactionalId(id)
                .acks((short) -1)
                .timeoutMs(30_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name(topic)
                        .partitionData(List.of(data))
                        .build()))
                .build();
    }

    private boolean add(int partition) throws IOException {
        if (!isOld) {
            return true;
        }
        AddPartitionsToTxnRequest request = AddPartitionsToTxnRequest.builder()
                .v3AndBelowTransactionalId(id)
                .v3AndBelowProducerId(producerId)
                .v3AndBelowProducerEpoch(epoch)
                .v3AndBelowTopics(
                        List.of(new AddPartitionsToTxnRequest.AddPartitionsToTxnTopic(topic, List.of(partition))))
                .build();
        return isDone(
                "adding a partition",
                () -> brokers.ask(coordinator, request, 3, AddPartitionsToTxnResponse.class)
                        .resultsByTopicV3AndBelow()
                        .getFirst()
                        .resultsByPartition()
                        .getFirst()
                        .partitionErrorCode(),
                ErrorCode.NOT_COORDINATOR);
    }

    /** Commits an offset of a partition with the transaction. */
    boolean commitOffset(String group, Target of, int offset) throws IOException {
        if (!addOffsets(group)) {
            return false;
        }
        TxnOffsetCommitRequest request = TxnOffsetCommitRequest.builder()
                .transactionalId(id)
                .groupId(group)
                .producerId(producerId)
                .producerEpoch(epoch)
                .topics(List.of(TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic.builder()
                        .name(of.name())
                        .partitions(List.of(new TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition(
                                of.partition(), offset, brokers.leaderEpoch(of), "")))
                        .build()))
                .build();
        return isDone(
                "committing an offset",
                () -> brokers.ask(Target.ofGroup(group), request, isOld ? 3 : 5, TxnOffsetCommitResponse.class)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .errorCode(),
                ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
                ErrorCode.NOT_COORDINATOR,
                ErrorCode.TRANSACTION_ABORTABLE,
                ErrorCode.INVALID_TXN_STATE);
    }

    private boolean addOffsets(String group) throws IOException {
        if (!isOld) {
            return true;
        }
        AddOffsetsToTxnRequest request = new AddOffsetsToTxnRequest(id, producerId, epoch, group);
        return isDone(
                "adding offsets",
                () -> brokers.ask(coordinator, request, 3, AddOffsetsToTxnResponse.class)
                        .errorCode(),
                ErrorCode.NOT_COORDINATOR);
    }

    boolean end(boolean isCommit) throws IOException {
        EndTxnRequest request = ending(isCommit);
        return isDone(
                "ending a transaction",
                () -> {
                    EndTxnResponse answer = brokers.ask(coordinator, request, isOld ? 4 : 5, EndTxnResponse.class);
                    if (!isOld && answer.errorCode() == ErrorCode.NONE.code()) {
                        take(answer.producerId(), answer.producerEpoch());
                    }
                    return answer.errorCode();
                },
                ErrorCode.NOT_COORDINATOR,
                ErrorCode.INVALID_TXN_STATE);
    }

    /** As {@link #end}, and nobody hears the answer. */
    void endInVain(boolean isCommit) throws IOException {
        brokers.askInVain(coordinator, ending(isCommit), isOld ? 4 : 5);
    }

    private EndTxnRequest ending(boolean isCommit) {
        return EndTxnRequest.builder()
                .transactionalId(id)
                .producerId(producerId)
                .producerEpoch(epoch)
                .committed(isCommit)
                .build();
    }

    @Override
    public String toString() {
        return id + " with id " + producerId + " in epoch " + epoch;
    }
}

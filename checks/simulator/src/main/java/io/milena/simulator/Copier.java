package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.*;
import io.milena.records.RecordBatchBuilder;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies numbers to an output in transactions, and commits with each how far it has come, until all are copied. Others copy under the same transactional id at the same time: each fences those before
 * it, is fenced by those after it, and introduces itself anew. At random it aborts, is silent until the time-out, or loses an answer; and in each session it speaks as a client of today or as an old one.
 */
final class Copier extends Client {
    static final String GROUP = "copiers";
    private static final String ID = "copier";
    private static final int TIMEOUT_MS = 300;
    private static final int NUMBERS_MAX = 3;

    private final String output;
    private final int partitions;
    private final Ledger ledger;
    private final int count;
    private boolean isOld;
    private long producerId = -1;
    private short epoch;
    /** The next one of each partition. */
    private int[] sequences;

    Copier(SimulatedEnvironment world, String output, int partitions, Ledger ledger, int count) {
        super(world);
        this.output = output;
        this.partitions = partitions;
        this.sequences = new int[partitions];
        this.ledger = ledger;
        this.count = count;
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        isOld = random.nextInt(3) == 0;
        if (!hasCoordinators(connection) || !introduce(connection)) {
            return false;
        }
        while (true) {
            int from = position(connection);
            if (from == count) {
                return true;
            }
            if (from < 0 || !copy(connection, from, Math.min(count, from + 1 + random.nextInt(NUMBERS_MAX)))) {
                return false;
            }
        }
    }

    private static boolean hasCoordinators(WireClient connection) throws IOException {
        for (byte type = 0; type < 2; type++) {
            FindCoordinatorRequest request = FindCoordinatorRequest.builder()
                    .keyType(type)
                    .coordinatorKeys(List.of(type == 0 ? GROUP : ID))
                    .build();
            FindCoordinatorResponse answer = connection.ask(request, 4, FindCoordinatorResponse.class);
            if (answer.coordinators().getFirst().errorCode() != ErrorCode.NONE.code()) {
                return false;
            }
        }
        return true;
    }

    private boolean introduce(WireClient connection) throws IOException {
        InitProducerIdResponse answer = connection.ask(
                InitProducerIdRequest.builder()
                        .transactionalId(ID)
                        .transactionTimeoutMs(TIMEOUT_MS)
                        .build(),
                4,
                InitProducerIdResponse.class);
        take(answer.producerId(), answer.producerEpoch());
        return isFine(answer.errorCode(), "introducing itself", ErrorCode.NOT_COORDINATOR);
    }

    private void take(long newProducerId, short newEpoch) {
        if (newProducerId != producerId || newEpoch != epoch) {
            sequences = new int[partitions];
        }
        producerId = newProducerId;
        epoch = newEpoch;
    }

    /** How far all have come, or -1 while that is about to change. */
    private int position(WireClient connection) throws IOException {
        OffsetFetchRequest.OffsetFetchRequestGroup group = OffsetFetchRequest.OffsetFetchRequestGroup.builder()
                .groupId(GROUP)
                .topics(List.of(OffsetFetchRequest.OffsetFetchRequestTopics.builder()
                        .name(output)
                        .partitionIndexes(List.of(0))
                        .build()))
                .build();
        OffsetFetchRequest request = OffsetFetchRequest.builder()
                .groups(List.of(group))
                .requireStable(true)
                .build();
        OffsetFetchResponse.OffsetFetchResponseGroup answer =
                connection.ask(request, 8, OffsetFetchResponse.class).groups().getFirst();
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            return -1;
        }
        var partition = answer.topics().getFirst().partitions().getFirst();
        if (partition.errorCode() == ErrorCode.UNSTABLE_OFFSET_COMMIT.code()) {
            return -1;
        }
        return Math.max(0, Math.toIntExact(partition.committedOffset()));
    }

    private boolean copy(WireClient connection, int from, int until) throws IOException {
        int attempt = ledger.begin(from, until);
        for (int partition = 0; partition < partitions; partition++) {
            if (!(add(connection, partition) && write(connection, partition, attempt, from, until))) {
                return false;
            }
        }
        if (!(addOffsets(connection) && commitOffset(connection, until))) {
            return false;
        }
        int whim = random.nextInt(10);
        if (whim == 0) {
            return false; // and says no more: its successor or the time-out aborts
        }
        if (whim < 3) {
            return end(connection, false);
        }
        ledger.askToCommit(attempt);
        boolean isCommitted = end(connection, true);
        if (isCommitted) {
            ledger.confirm(attempt);
        }
        return isCommitted;
    }

    private boolean add(WireClient connection, int partition) throws IOException {
        if (!isOld) {
            return true;
        }
        AddPartitionsToTxnResponse answer = connection.ask(
                AddPartitionsToTxnRequest.builder()
                        .v3AndBelowTransactionalId(ID)
                        .v3AndBelowProducerId(producerId)
                        .v3AndBelowProducerEpoch(epoch)
                        .v3AndBelowTopics(List.of(
                                new AddPartitionsToTxnRequest.AddPartitionsToTxnTopic(output, List.of(partition))))
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

    private boolean write(WireClient connection, int partition, int attempt, int from, int until) throws IOException {
        RecordBatchBuilder batch = new RecordBatchBuilder()
                .producer(producerId, epoch, sequences[partition])
                .transactional();
        for (int number = from; number < until; number++) {
            ByteBuffer key = ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(attempt)
                    .putInt(number)
                    .flip();
            batch.append(nowMs(), key, null);
        }
        ProduceRequest.PartitionProduceData data = ProduceRequest.PartitionProduceData.builder()
                .index(partition)
                .records(new Payload.InMemory(batch.build().buffer()))
                .build();
        ProduceRequest request = ProduceRequest.builder()
                .transactionalId(ID)
                .acks((short) -1)
                .timeoutMs(30_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name(output)
                        .partitionData(List.of(data))
                        .build()))
                .build();
        ProduceResponse answer = connection.ask(request, isOld ? 11 : 12, ProduceResponse.class);
        sequences[partition] += until - from;
        return isFine(
                answer.responses().getFirst().partitionResponses().getFirst().errorCode(),
                "writing",
                ErrorCode.NOT_ENOUGH_REPLICAS,
                ErrorCode.TRANSACTION_ABORTABLE,
                ErrorCode.INVALID_TXN_STATE);
    }

    private boolean addOffsets(WireClient connection) throws IOException {
        if (!isOld) {
            return true;
        }
        AddOffsetsToTxnResponse answer = connection.ask(
                new AddOffsetsToTxnRequest(ID, producerId, epoch, GROUP), 3, AddOffsetsToTxnResponse.class);
        return isFine(answer.errorCode(), "adding offsets", ErrorCode.NOT_COORDINATOR);
    }

    private boolean commitOffset(WireClient connection, int offset) throws IOException {
        TxnOffsetCommitRequest request = TxnOffsetCommitRequest.builder()
                .transactionalId(ID)
                .groupId(GROUP)
                .producerId(producerId)
                .producerEpoch(epoch)
                .topics(List.of(TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic.builder()
                        .name(output)
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

    private boolean end(WireClient connection, boolean isCommit) throws IOException {
        EndTxnRequest request = EndTxnRequest.builder()
                .transactionalId(ID)
                .producerId(producerId)
                .producerEpoch(epoch)
                .committed(isCommit)
                .build();
        EndTxnResponse answer = connection.ask(request, isOld ? 4 : 5, EndTxnResponse.class);
        boolean isDone = isFine(
                answer.errorCode(), "ending a transaction", ErrorCode.NOT_COORDINATOR, ErrorCode.INVALID_TXN_STATE);
        if (isDone && !isOld) {
            take(answer.producerId(), answer.producerEpoch());
        }
        return isDone;
    }

    /** Whether it may go on; fenced or told to come again it introduces itself anew. What else it is told breaks a promise. */
    private static boolean isFine(short code, String what, ErrorCode... expected) {
        ErrorCode error = ErrorCode.of(code);
        List<ErrorCode> allowed = new ArrayList<>(List.of(expected));
        allowed.add(ErrorCode.PRODUCER_FENCED);
        allowed.add(ErrorCode.INVALID_PRODUCER_EPOCH);
        allowed.add(ErrorCode.CONCURRENT_TRANSACTIONS);
        if (error != ErrorCode.NONE && !allowed.contains(error)) {
            throw new History.Violation(what + " was refused: " + error);
        }
        return error == ErrorCode.NONE;
    }
}

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
import java.util.Set;

/**
 * Commits transactions one after the other under an id of its own, as a client of today does over one connection that stays: several writes are under way at a time, each with batches for several
 * partitions; what is refused for the moment is sent again, in order; and the end is asked for when all is written. As nothing crashes and nobody else has the id, no end may be refused but for the moment.
 */
final class FirstTransactions extends Client {
    private static final int TIMEOUT_MS = 900_000;
    private static final int REQUESTS_MAX = 4;
    private static final ByteBuffer KEY = ByteBuffer.wrap(new byte[] {1});
    private static final Set<ErrorCode> COME_AGAIN = Set.of(
            ErrorCode.CONCURRENT_TRANSACTIONS,
            ErrorCode.NOT_ENOUGH_REPLICAS,
            ErrorCode.NOT_LEADER_OR_FOLLOWER,
            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, // it is being created
            ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, // of what follows a batch that has to come again
            ErrorCode.NOT_COORDINATOR,
            ErrorCode.COORDINATOR_NOT_AVAILABLE,
            ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);

    private final String id;
    private final String topic;
    private final int partitions;
    private final int count;
    private long producerId;
    private short epoch;
    private int[] sequences;

    /** One batch of the open transaction. */
    private record Batch(int partition, int sequence) {}

    FirstTransactions(SimulatedEnvironment world, String id, String topic, int partitions, int count) {
        super(world);
        this.id = id;
        this.topic = topic;
        this.partitions = partitions;
        this.count = count;
        this.sequences = new int[partitions];
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        if (!hasCoordinator(connection) || !isIntroduced(connection)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            write(connection);
            commit(connection);
        }
        return true;
    }

    /** Where a partition ends, for readers of everything or of what is committed. */
    static long end(WireClient connection, String topic, int partition, boolean isCommitted) throws IOException {
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .isolationLevel((byte) (isCommitted ? 1 : 0))
                .topics(List.of(new ListOffsetsRequest.ListOffsetsTopic(
                        topic,
                        List.of(ListOffsetsRequest.ListOffsetsPartition.builder()
                                .partitionIndex(partition)
                                .timestamp(-1)
                                .build()))))
                .build();
        return connection
                .ask(request, 7, ListOffsetsResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .offset();
    }

    private boolean hasCoordinator(WireClient connection) throws IOException {
        FindCoordinatorRequest request = FindCoordinatorRequest.builder()
                .keyType((byte) 1)
                .coordinatorKeys(List.of(id))
                .build();
        FindCoordinatorResponse answer = connection.ask(request, 6, FindCoordinatorResponse.class);
        return isFine(answer.coordinators().getFirst().errorCode(), "looking for the coordinator");
    }

    private boolean isIntroduced(WireClient connection) throws IOException {
        InitProducerIdRequest request = InitProducerIdRequest.builder()
                .transactionalId(id)
                .transactionTimeoutMs(TIMEOUT_MS)
                .build();
        InitProducerIdResponse answer = connection.ask(request, 5, InitProducerIdResponse.class);
        producerId = answer.producerId();
        epoch = answer.producerEpoch();
        return isFine(answer.errorCode(), "introducing itself");
    }

    private void write(WireClient connection) throws IOException {
        List<List<Batch>> requests = new ArrayList<>();
        int requestCount = 1 + random.nextInt(REQUESTS_MAX);
        for (int i = 0; i < requestCount; i++) {
            List<Batch> batches = new ArrayList<>();
            int first = random.nextInt(partitions);
            int last = first + random.nextInt(partitions - first);
            for (int partition = first; partition <= last; partition++) {
                batches.add(new Batch(partition, sequences[partition]++));
            }
            requests.add(batches);
        }
        while (!requests.isEmpty()) {
            for (List<Batch> each : requests) {
                connection.send(request(each), 12);
            }
            List<List<Batch>> again = new ArrayList<>();
            for (List<Batch> each : requests) {
                List<Batch> refused = refused(each, connection.receive(ProduceResponse.class));
                if (!refused.isEmpty()) {
                    again.add(refused);
                }
            }
            requests = again;
        }
    }

    private ProduceRequest request(List<Batch> batches) {
        List<ProduceRequest.PartitionProduceData> data = batches.stream()
                .map(each -> ProduceRequest.PartitionProduceData.builder()
                        .index(each.partition)
                        .records(new Payload.InMemory(new RecordBatchBuilder()
                                .producer(producerId, epoch, each.sequence)
                                .transactional()
                                .append(nowMs(), KEY.duplicate(), null)
                                .build()
                                .buffer()))
                        .build())
                .toList();
        return ProduceRequest.builder()
                .transactionalId(id)
                .acks((short) -1)
                .timeoutMs(30_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name(topic)
                        .partitionData(data)
                        .build()))
                .build();
    }

    private static List<Batch> refused(List<Batch> batches, ProduceResponse answer) {
        List<Batch> refused = new ArrayList<>();
        for (ProduceResponse.PartitionProduceResponse each :
                answer.responses().getFirst().partitionResponses()) {
            if (!isFine(each.errorCode(), "writing")) {
                batches.stream()
                        .filter(batch -> batch.partition == each.index())
                        .forEach(refused::add);
            }
        }
        return refused;
    }

    private void commit(WireClient connection) throws IOException {
        EndTxnRequest request = EndTxnRequest.builder()
                .transactionalId(id)
                .producerId(producerId)
                .producerEpoch(epoch)
                .committed(true)
                .build();
        EndTxnResponse answer = connection.ask(request, 5, EndTxnResponse.class);
        while (!isFine(answer.errorCode(), "committing")) {
            answer = connection.ask(request, 5, EndTxnResponse.class);
        }
        producerId = answer.producerId();
        epoch = answer.producerEpoch();
        sequences = new int[partitions];
    }

    private static boolean isFine(short code, String what) {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE && !COME_AGAIN.contains(error)) {
            throw new History.Violation(what + " was refused: " + error);
        }
        return error == ErrorCode.NONE;
    }
}

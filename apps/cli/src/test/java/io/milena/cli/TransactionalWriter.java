package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.EndTxnRequest;
import io.milena.protocol.message.EndTxnResponse;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.records.RecordBatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A producer with a transactional id that writes one batch to a partition; as a client of today, which need not say before that it will. */
record TransactionalWriter(String id, long producerId, short epoch) {
    private static final int TIMEOUT_MS = 900_000;
    /** By names of topics, and with partitions that the broker adds to the transaction by itself. */
    private static final int PRODUCE_VERSION = 12;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50);

    static TransactionalWriter begin(ClusterClient client, String id) throws IOException {
        InitProducerIdRequest request = InitProducerIdRequest.builder()
                .transactionalId(id)
                .transactionTimeoutMs(TIMEOUT_MS)
                .build();
        AtomicReference<TransactionalWriter> begun = new AtomicReference<>();
        succeed(() -> {
            InitProducerIdResponse answer =
                    client.sendToTransactionCoordinator(id, request, InitProducerIdResponse.class);
            begun.set(new TransactionalWriter(id, answer.producerId(), answer.producerEpoch()));
            return answer.errorCode();
        });
        return Objects.requireNonNull(begun.get());
    }

    private interface Attempt {
        short error() throws IOException;
    }

    /** Tries again as clients do: who coordinates or leads may not have heard of it yet. */
    private static void succeed(Attempt attempt) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        ErrorCode error = ErrorCode.of(attempt.error());
        while (error.isRetriable() && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
            error = ErrorCode.of(attempt.error());
        }
        assertEquals(ErrorCode.NONE, error);
    }

    void write(ClusterClient client, String topic, int partition) throws IOException {
        succeed(() -> client.sendToLeader(
                        client.topic(topic).partitions().get(partition),
                        request(topic, partition),
                        PRODUCE_VERSION,
                        ProduceResponse.class)
                .responses()
                .getFirst()
                .partitionResponses()
                .getFirst()
                .errorCode());
    }

    private ProduceRequest request(String topic, int partition) {
        RecordBatchBuilder batch = new RecordBatchBuilder()
                .producer(producerId, epoch, 0)
                .transactional()
                .append(System.currentTimeMillis(), null, ByteBuffer.allocate(10));
        ProduceRequest.PartitionProduceData data = ProduceRequest.PartitionProduceData.builder()
                .index(partition)
                .records(new Payload.InMemory(batch.build().buffer()))
                .build();
        return ProduceRequest.builder()
                .transactionalId(id)
                .acks((short) -1)
                .timeoutMs(10_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name(topic)
                        .partitionData(List.of(data))
                        .build()))
                .build();
    }

    void abort(ClusterClient client) throws IOException {
        EndTxnResponse ended = client.sendToTransactionCoordinator(
                id, new EndTxnRequest(id, producerId, epoch, false), EndTxnResponse.class);
        assertEquals(ErrorCode.NONE, ErrorCode.of(ended.errorCode()));
    }
}

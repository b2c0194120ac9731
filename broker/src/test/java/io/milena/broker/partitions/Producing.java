package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SortedSet;

/** A client that produces with {@code acks=all} and without transactions to partitions that a test has made. */
final class Producing {
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final RequestContext CONTEXT =
            new RequestContext((short) 12, "client", NOWHERE, NOWHERE, (key, action) -> {});

    private static final TransactionGate NO_TRANSACTIONS = new TransactionGate() {
        @Override
        public ErrorCode add(String transactionalId, Producer producer, SortedSet<TopicPartition> wanted) {
            throw new AssertionError("there is no transaction");
        }

        @Override
        public ErrorCode verify(String transactionalId, Producer producer, TopicPartition partition) {
            throw new AssertionError("there is no transaction");
        }
    };

    private final ProduceHandler handler;
    private final int timeoutMs;

    Producing(Partitions partitions, int timeoutMs) {
        this.handler = new ProduceHandler(
                partitions, NO_TRANSACTIONS, Clock.system(), new LeaderHints((topic, topicId, partition) -> null));
        this.timeoutMs = timeoutMs;
    }

    /** A batch with an empty record. */
    static RecordBatchBuilder batch() {
        return new RecordBatchBuilder().append(Clock.system().millis(), null, null);
    }

    /** Sends one batch to one partition. */
    Answer send(String topic, int partition, RecordBatchBuilder batch) {
        PartitionProduceData data = PartitionProduceData.builder()
                .index(partition)
                .records(new Payload.InMemory(batch.build().buffer()))
                .build();
        ProduceRequest request = ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(timeoutMs)
                .topicData(List.of(TopicProduceData.builder()
                        .name(topic)
                        .partitionData(List.of(data))
                        .build()))
                .build();
        return handler.handle(request, CONTEXT);
    }
}

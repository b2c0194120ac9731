package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.client.ClusterClient;
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
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionsCommandTest {
    @TempDir
    Path data = Path.of("");

    private CommandRunner milena;
    private InitProducerIdResponse producer;

    @BeforeEach
    void beginATransaction() throws IOException {
        milena = CommandRunner.withBroker(data);
        milena.output("topics create orders --partitions 2");
        try (ClusterClient client = milena.client()) {
            producer = client.sendToTransactionCoordinator(
                    "payments",
                    InitProducerIdRequest.builder()
                            .transactionalId("payments")
                            .transactionTimeoutMs(60_000)
                            .build(),
                    InitProducerIdResponse.class);
            assertEquals(0, write(client, 0, true));
        }
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    private short write(ClusterClient client, int sequence, boolean isTransactional) throws IOException {
        RecordBatchBuilder batch = new RecordBatchBuilder()
                .producer(producer.producerId(), producer.producerEpoch(), sequence)
                .append(1, null, ByteBuffer.allocate(10));
        if (isTransactional) {
            batch.transactional();
        }
        ProduceRequest.PartitionProduceData data = ProduceRequest.PartitionProduceData.builder()
                .index(1)
                .records(new Payload.InMemory(batch.build().buffer()))
                .build();
        ProduceRequest request = ProduceRequest.builder()
                .transactionalId("payments")
                .acks((short) -1)
                .timeoutMs(10_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name("orders")
                        .partitionData(List.of(data))
                        .build()))
                .build();
        return client.sendToLeader(client.topic("orders").partitions().get(1), request, 12, ProduceResponse.class)
                .responses()
                .getFirst()
                .partitionResponses()
                .getFirst()
                .errorCode();
    }

    @Test
    void whatIsOpenIsListedAndDescribed() {
        assertEquals(
                List.of("payments  Ongoing  producer " + producer.producerId()),
                milena.run("transactions list").succeeds().lines());
        assertEquals(
                List.of(),
                milena.run("transactions list --state Empty").succeeds().lines());
        assertEquals(
                List.of("[{\"transactionalId\":\"payments\",\"state\":\"Ongoing\",\"producerId\":"
                        + producer.producerId() + "}]"),
                milena.run("transactions list --output json").succeeds().lines());
        List<String> described =
                milena.run("transactions describe payments").succeeds().lines();
        assertTrue(described.getFirst().contains("Ongoing"), () -> "" + described);
        assertEquals("  orders-1", described.getLast());
        List<String> forPrograms = milena.run("transactions describe payments --output json")
                .succeeds()
                .lines();
        assertEquals(1, forPrograms.size());
        assertTrue(
                forPrograms
                        .getFirst()
                        .startsWith("{\"transactionalId\":\"payments\",\"state\":\"Ongoing\",\"producerId\":"
                                + producer.producerId() + ","),
                forPrograms.getFirst());
        assertTrue(
                forPrograms.getFirst().endsWith("\"partitions\":[{\"topic\":\"orders\",\"partition\":1}]}"),
                forPrograms.getFirst());
    }

    @Test
    void whatDoesNotExistIsSaidInOneLine() {
        milena.run("transactions describe nobody").isRefused(1, "nobody", "TRANSACTIONAL_ID_NOT_FOUND");
        milena.run("transactions list --state Sleeping").isRefused(1, "Sleeping");
        milena.run("transactions abort --topic orders --partition 1 --start-offset 7")
                .isRefused(1, "offset 7", "[0]");
        milena.run("transactions abort --topic orders --partition 9 --start-offset 7")
                .isRefused(1, "no partition 9");
    }

    @Test
    void aTransactionThatItsCoordinatorKnowsDoesNotHang() {
        assertEquals(
                List.of(),
                milena.run("transactions find-hanging --older-than 0")
                        .succeeds()
                        .lines());
    }

    @Test
    void aTransactionIsAbortedInItsPartition() throws IOException {
        milena.run("transactions abort --topic orders --partition 1 --start-offset 0")
                .succeeds();
        milena.run("transactions abort --topic orders --partition 1 --start-offset 0")
                .isRefused(1, "[]");
        try (ClusterClient client = milena.client()) {
            EndTxnResponse ended = client.sendToTransactionCoordinator(
                    "payments",
                    new EndTxnRequest("payments", producer.producerId(), producer.producerEpoch(), false),
                    EndTxnResponse.class);
            assertEquals(0, ended.errorCode());
        }
        assertEquals(
                List.of("payments  CompleteAbort  producer " + producer.producerId()),
                milena.run("transactions list").succeeds().lines());
    }
}

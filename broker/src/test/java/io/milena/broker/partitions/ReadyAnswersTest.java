package io.milena.broker.partitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.api.Answer;
import io.milena.broker.api.RequestContext;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.protocol.message.ProduceResponse;
import io.milena.records.RecordBatchBuilder;
import io.milena.replication.Assignment;
import io.milena.replication.ReplicationSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answer to a produce request tells when it need not be waited for, so that it leaves together with the one before it. */
@Timeout(120)
class ReadyAnswersTest {
    private static final String TOPIC = "orders";
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final RequestContext CONTEXT =
            new RequestContext((short) 12, "client", NOWHERE, NOWHERE, (key, action) -> {});

    private final SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock());
    private final CountDownLatch released = new CountDownLatch(1);
    private final Partitions partitions = new Partitions(1);
    private LogDirectory directory;
    private ProduceHandler handler;

    /** No force ends before the test says so. */
    private void hold(DiskOperation operation) throws IOException {
        if (operation == DiskOperation.FORCE) {
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @BeforeEach
    void load() throws IOException {
        directory = LogDirectory.open(
                disk.root().resolve("data"),
                LogDirectory.Settings.DEFAULTS,
                topic -> LogSettings.DEFAULTS,
                Environment.system());
        directory.create(TOPIC, List.of(0), Uuids.random(new Random(1)), LogSettings.DEFAULTS);
        Replica replica = new Replica(
                Objects.requireNonNull(directory.log(TOPIC, 0)),
                new LoneReplicaHost(1, Environment.system()),
                new ReplicationSettings(30_000, 1, 1_000));
        partitions.add(replica);
        replica.assign(new Assignment(1, 0, 0, List.of(1), List.of(1)));
        TransactionGate gate = new TransactionGate() {
            @Override
            public ErrorCode add(String transactionalId, Producer producer, SortedSet<TopicPartition> wanted) {
                throw new AssertionError("there is no transaction");
            }

            @Override
            public ErrorCode verify(String transactionalId, Producer producer, TopicPartition partition) {
                throw new AssertionError("there is no transaction");
            }
        };
        handler = new ProduceHandler(
                partitions, gate, Clock.system(), new LeaderHints((topic, topicId, partition) -> null));
        disk.faults((operation, path) -> hold(operation));
    }

    @AfterEach
    void close() {
        released.countDown();
        directory.close();
    }

    private Answer.Later send(int partition) {
        PartitionProduceData batch = PartitionProduceData.builder()
                .index(partition)
                .records(new Payload.InMemory(new RecordBatchBuilder()
                        .append(Clock.system().millis(), null, null)
                        .build()
                        .buffer()))
                .build();
        ProduceRequest request = ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(60_000)
                .topicData(List.of(TopicProduceData.builder()
                        .name(TOPIC)
                        .partitionData(List.of(batch))
                        .build()))
                .build();
        return assertInstanceOf(Answer.Later.class, handler.handle(request, CONTEXT));
    }

    private static short error(Answer.Later answer) throws Exception {
        ProduceResponse response = (ProduceResponse) answer.response().call();
        return response.responses().getFirst().partitionResponses().getFirst().errorCode();
    }

    @Test
    void itIsReadyWhenTheRecordsAreForced() throws Exception {
        Answer.Later first = send(0);
        Answer.Later second = send(0);
        assertFalse(first.isReady().getAsBoolean());
        assertFalse(second.isReady().getAsBoolean());
        // When
        released.countDown();
        assertEquals(ErrorCode.NONE.code(), error(second));
        // Then
        assertTrue(first.isReady().getAsBoolean());
        assertEquals(ErrorCode.NONE.code(), error(first));
    }

    @Test
    void aRefusalNeedNotBeWaitedFor() throws Exception {
        Answer.Later answer = send(1);
        assertTrue(answer.isReady().getAsBoolean());
        assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(), error(answer));
    }
}

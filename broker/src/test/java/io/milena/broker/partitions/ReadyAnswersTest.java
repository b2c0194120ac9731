package io.milena.broker.partitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.api.Answer;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.ProduceResponse;
import io.milena.replication.Assignment;
import io.milena.replication.ReplicationSettings;
import io.milena.runtime.Environment;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answer to a produce request tells when it need not be waited for, so that it leaves together with the one before it. */
@Timeout(120)
class ReadyAnswersTest {
    private static final String TOPIC = "orders";

    private final SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock());
    private final CountDownLatch released = new CountDownLatch(1);
    private final Partitions partitions = new Partitions(1);
    private final Producing client = new Producing(partitions, 60_000);
    private LogDirectory directory;

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
        disk.faults((operation, path) -> hold(operation));
    }

    @AfterEach
    void close() {
        released.countDown();
        directory.close();
    }

    private Answer.Later send(int partition) {
        return assertInstanceOf(Answer.Later.class, client.send(TOPIC, partition, Producing.batch()));
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

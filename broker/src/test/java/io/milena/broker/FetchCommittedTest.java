package io.milena.broker;

import static io.milena.broker.TopicClient.fetchFrom;
import static io.milena.broker.TopicClient.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.milena.log.Log;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse.AbortedTransaction;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.records.ControlRecord;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What consumers of committed data are told, of a log with transactions that ended either way and one that did not. The transactions are written while no broker runs. */
@Timeout(120)
class FetchCommittedTest {
    private static final byte READ_COMMITTED = 1;

    @TempDir
    private Path data;

    private UUID id = new UUID(0, 0);

    /** What one batch takes in the log. */
    private int batchBytes;

    @BeforeEach
    void writeTransactions() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            id = broker.create("orders", 1);
            try (RawClient client = broker.connect()) {
                new TopicClient(client, "orders", id).append(Batches.ofRecords(1)); // offset 0
            }
        }
        try (LogDirectory directory = LogDirectory.open(
                data, LogDirectory.Settings.DEFAULTS, topic -> LogSettings.DEFAULTS, Environment.system())) {
            Log log = Objects.requireNonNull(directory.log("orders", 0));
            send(log, 7, 0); // 1
            send(log, 8, 0); // 2
            end(log, 7, ControlRecord.ABORT); // 3
            send(log, 9, 0); // 4, and never ends
            end(log, 8, ControlRecord.COMMIT); // 5
        }
    }

    private void send(Log log, long producer, int sequence) {
        ByteBuffer batch = new RecordBatchBuilder()
                .producer(producer, (short) 0, sequence)
                .transactional()
                .append(
                        Clock.system().millis(),
                        null,
                        ByteBuffer.allocate(10)) // as the markers, so that no segment is too old
                .build()
                .buffer();
        batchBytes = batch.remaining();
        log.append(batch, 0);
    }

    private static void end(Log log, long producer, ControlRecord type) {
        log.appendMarker(producer, (short) 0, 0, type, 0);
    }

    private PartitionData fetch(RunningBroker broker, long offset, byte isolation, int version) throws IOException {
        try (RawClient client = broker.connect()) {
            TopicClient topic = new TopicClient(client, "orders", id);
            FetchRequest.Builder request = topic.fetchRequest(fetchFrom(0, offset));
            PartitionData partition = only(topic.fetch(request.isolationLevel(isolation), version));
            assertEquals(ErrorCode.NONE, TopicClient.error(partition));
            return partition;
        }
    }

    private static int size(PartitionData partition) {
        Payload records = partition.records();
        assertNotNull(records);
        return records.sizeInBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 11, TopicClient.BY_NAME, TopicClient.BY_ID, 18})
    void whatWasAbortedIsNamedAndWhatIsOpenIsHeldBack(int version) throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            PartitionData partition = fetch(broker, 1, READ_COMMITTED, version);
            assertEquals(6, partition.highWatermark());
            assertEquals(4, partition.lastStableOffset());
            assertEquals(List.of(new AbortedTransaction(7, 1)), partition.abortedTransactions());
            int markerBytes = size(partition) - 2 * batchBytes;
            assertEquals(markerBytes, size(fetch(broker, 3, READ_COMMITTED, version)));
        }
    }

    @Test
    void behindTheLastStableOffsetThereIsNothingYet() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            for (long offset = 4; offset <= 6; offset++) {
                PartitionData partition = fetch(broker, offset, READ_COMMITTED, TopicClient.BY_ID);
                assertEquals(0, size(partition));
                assertEquals(List.of(), partition.abortedTransactions());
            }
        }
    }

    @Test
    void whatIsOutsideTheAbortedTransactionIsNotBlamedOnIt() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            FetchRequest.Builder first;
            try (RawClient client = broker.connect()) {
                TopicClient topic = new TopicClient(client, "orders", id);
                first = topic.fetchRequest(
                        fetchFrom(0, 0).toBuilder().partitionMaxBytes(1).build());
                PartitionData partition = only(topic.fetch(first.isolationLevel(READ_COMMITTED)));
                assertEquals(Batches.ofRecords(1).remaining(), size(partition));
            }
        }
    }

    @Test
    void readersOfEverythingHearNothingOfIt() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            PartitionData partition = fetch(broker, 0, (byte) 0, TopicClient.BY_ID);
            assertNull(partition.abortedTransactions());
            assertEquals(4, partition.lastStableOffset());
            PartitionData open = fetch(broker, 4, (byte) 0, TopicClient.BY_ID);
            assertEquals(
                    batchBytes,
                    size(fetch(broker, 4, (byte) 0, TopicClient.BY_ID))
                            - size(fetch(broker, 5, (byte) 0, TopicClient.BY_ID)));
            assertEquals(6, open.highWatermark());
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, READ_COMMITTED})
    void theEndIsTheLastStableOffsetForThoseWhoReadCommitted(byte isolation) throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            ListOffsetsRequest request = ListOffsetsRequest.builder()
                    .replicaId(-1)
                    .isolationLevel(isolation)
                    .topics(List.of(new ListOffsetsTopic("orders", List.of(new ListOffsetsPartition(0, -1, -1L)))))
                    .build();
            long end = broker.ask(request, 7, ListOffsetsResponse.class)
                    .topics()
                    .getFirst()
                    .partitions()
                    .getFirst()
                    .offset();
            assertEquals(isolation == READ_COMMITTED ? 4 : 6, end);
        }
    }
}

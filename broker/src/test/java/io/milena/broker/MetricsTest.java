package io.milena.broker;

import static io.milena.broker.TopicClient.BY_ID;
import static io.milena.broker.TopicClient.data;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.message.DeleteRecordsRequest;
import io.milena.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.milena.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.milena.protocol.message.DeleteRecordsResponse;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients do is what the metrics say. */
@Timeout(120)
class MetricsTest {
    private static final String TRAFFIC = "kafka_server_brokertopicmetrics_";
    private static final int HOUR_MS = 3_600_000;

    @TempDir
    private Path data;

    private RunningBroker broker;
    private TopicClient topic;

    @BeforeEach
    void start() throws IOException {
        broker = RunningBroker.start(data);
        UUID id = broker.create("orders", 2);
        topic = new TopicClient(broker.connect(), "orders", id);
    }

    @AfterEach
    void stop() throws IOException {
        topic.client().close();
        broker.close();
    }

    private Readings read() {
        return Readings.of(broker.broker());
    }

    @Test
    void appendsAreCountedInRecordsAndBytes() throws IOException {
        ByteBuffer three = Batches.ofRecords(3);
        ByteBuffer one = Batches.ofRecords(1);
        int bytes = three.remaining() + one.remaining();
        topic.append(0, three);
        topic.append(1, one);

        Readings readings = read();
        assertEquals(4, readings.get(TRAFFIC + "messagesin_total", "orders"));
        assertEquals(bytes, readings.get(TRAFFIC + "bytesin_total", "orders"));
        assertEquals(2, readings.get(TRAFFIC + "totalproducerequests_total", "orders"));
        assertEquals(0, readings.get(TRAFFIC + "failedproducerequests_total", "orders"));
        assertEquals(3, readings.get("kafka_log_log_logendoffset", "orders", "0"));
        for (String partition : List.of("0", "1")) {
            assertEquals(
                    readings.get("kafka_log_log_size", "orders", partition),
                    readings.get("milena_partition_received_bytes_total", "orders", partition));
        }
        assertEquals(0, readings.get("kafka_log_log_logstartoffset", "orders", "0"));
        assertEquals(
                bytes,
                readings.get("kafka_log_log_size", "orders", "0") + readings.get("kafka_log_log_size", "orders", "1"));
    }

    @Test
    void whatIsReadIsCountedInBytesAndOnce() throws IOException {
        ByteBuffer batch = Batches.ofRecords(3);
        int bytes = batch.remaining();
        topic.append(0, batch);
        topic.fetch(topic.fetchRequest(TopicClient.fetchFrom(0, 0), TopicClient.fetchFrom(1, 0)));
        topic.fetch(topic.fetchRequest(TopicClient.fetchFrom(0, 99)));

        Readings readings = read();
        assertEquals(bytes, readings.get(TRAFFIC + "bytesout_total", "orders"));
        assertEquals(bytes, readings.get("milena_partition_sent_bytes_total", "orders", "0"));
        assertEquals(0, readings.get("milena_partition_sent_bytes_total", "orders", "1"));
        assertEquals(3, readings.get(TRAFFIC + "totalfetchrequests_total", "orders"));
        assertEquals(1, readings.get(TRAFFIC + "failedfetchrequests_total", "orders"));
        assertEquals(1, readings.get("kafka_network_requestmetrics_errors_total", "Fetch", "OFFSET_OUT_OF_RANGE"));
    }

    @Test
    void aRefusalIsAnErrorOfItsApiAndAFailureOfItsTopic() throws IOException {
        topic.produce(-1, BY_ID, data(0, Batches.ofRecords(1)), data(1, Batches.corrupt(Batches.ofRecords(1))));

        Readings readings = read();
        assertEquals(1, readings.get("kafka_network_requestmetrics_errors_total", "Produce", "CORRUPT_MESSAGE"));
        assertEquals(Double.NaN, readings.get("kafka_network_requestmetrics_errors_total", "Produce", "NONE"));
        assertEquals(1, readings.get(TRAFFIC + "failedproducerequests_total", "orders"));
        assertEquals(2, readings.get(TRAFFIC + "totalproducerequests_total", "orders"));
        assertEquals(1, readings.get(TRAFFIC + "messagesin_total", "orders"));
    }

    @Test
    void requestsAreCountedByVersionAndTheirAnswersTimed() throws IOException {
        topic.append(0, Batches.ofRecords(1));
        topic.append(0, Batches.ofRecords(1));

        Readings readings = read();
        assertEquals(2, readings.get("kafka_network_requestmetrics_requests_total", "Produce", "13"));
        assertEquals(2, readings.get("milena_request_duration_seconds", "Produce"));
        assertEquals(Double.NaN, readings.get("milena_request_duration_seconds", "JoinGroup"), "what nobody asked for");
    }

    @Test
    void forcesAreCounted() throws IOException {
        String directory = data.toAbsolutePath().toString();
        Readings readings;
        do {
            topic.append(0, Batches.ofRecords(1)); // is answered before its force is counted
            readings = read();
        } while (readings.get("milena_force_duration_seconds", directory, "files")
                        + readings.get("milena_force_duration_seconds", directory, "journal")
                < 1);

        assertTrue(readings.get("milena_disk_usable_bytes", directory) > 0);
        assertEquals(0, readings.get("kafka_log_logmanager_offlinelogdirectorycount"));
    }

    @Test
    void partitionsAreCountedWhenTheyComeAndGo() throws IOException {
        broker.create("payments", 3);
        assertEquals(5, read().get("kafka_server_replicamanager_partitioncount"));
        assertEquals(5, read().get("kafka_server_replicamanager_leadercount"));
        assertEquals(2, read().get("kafka_controller_kafkacontroller_globaltopiccount"));
        assertEquals(0, read().get("kafka_server_replicamanager_underreplicatedpartitions"));

        broker.delete("payments");
        assertEquals(2, read().get("kafka_server_replicamanager_partitioncount"));
        assertEquals(2, read().get("kafka_controller_kafkacontroller_globalpartitioncount"));
        assertEquals(Double.NaN, read().get("kafka_log_log_size", "payments", "0"));
        assertEquals(Double.NaN, read().get(TRAFFIC + "messagesin_total", "payments"));
    }

    @Test
    void openConnectionsAreCounted() throws IOException {
        topic.append(0, Batches.ofRecords(1)); // a connection that was answered was admitted
        double before = read().get("kafka_server_socket_server_metrics_connection_count", "PLAINTEXT");
        try (RawClient another = broker.connect()) {
            another.ask(ListGroupsRequest.builder().build(), 4, ListGroupsResponse.class);
            assertEquals(before + 1, read().get("kafka_server_socket_server_metrics_connection_count", "PLAINTEXT"));
        }
    }

    private void appendAt(long timestampMs) throws IOException {
        topic.append(
                0,
                new RecordBatchBuilder()
                        .append(timestampMs, null, ByteBuffer.allocate(10))
                        .build()
                        .buffer());
    }

    private void commit(long offset) throws IOException {
        OffsetCommitRequestPartition partition = OffsetCommitRequestPartition.builder()
                .partitionIndex(0)
                .committedOffset(offset)
                .committedLeaderEpoch(-1)
                .build();
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId("billing")
                .generationIdOrMemberEpoch(-1)
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name("orders")
                        .partitions(List.of(partition))
                        .build()))
                .build();
        OffsetCommitResponse response = broker.ask(request, 8, OffsetCommitResponse.class);
        assertEquals(0, response.topics().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void aGroupIsBehindByRecordsAndByTheAgeOfTheOldestOfThem() throws IOException {
        long now = Clock.system().millis();
        appendAt(now - 3L * HOUR_MS);
        appendAt(now - 2L * HOUR_MS);
        appendAt(now - HOUR_MS);
        commit(1);

        Readings readings = read();
        assertEquals(2, readings.get("kafka_consumergroup_lag", "billing", "orders", "0"));
        assertEquals(1, readings.get("kafka_consumergroup_current_offset", "billing", "orders", "0"));
        double seconds = readings.get("kafka_consumergroup_lag_seconds", "billing", "orders", "0");
        assertTrue(seconds >= 7200 && seconds < 7200 + 120, "two hours and the time of this test: " + seconds);
        assertEquals(0, readings.get("kafka_consumergroup_members", "billing"));
        assertEquals(1, readings.get("milena_consumergroup_state", "billing", "Empty"));
        assertEquals(
                Double.NaN,
                readings.get("kafka_consumergroup_lag", "billing", "orders", "1"),
                "nothing is committed there");

        commit(3);
        assertEquals(0, read().get("kafka_consumergroup_lag", "billing", "orders", "0"));
        assertEquals(0, read().get("kafka_consumergroup_lag_seconds", "billing", "orders", "0"));
    }

    private void deleteBefore(long offset) throws IOException {
        DeleteRecordsRequest request = DeleteRecordsRequest.builder()
                .topics(List.of(new DeleteRecordsTopic("orders", List.of(new DeleteRecordsPartition(0, offset)))))
                .timeoutMs(10_000)
                .build();
        assertEquals(
                0,
                broker.ask(request, 2, DeleteRecordsResponse.class)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .errorCode());
    }

    @Test
    void recordsThatAreGoneAreNotWaitedFor() throws IOException {
        long now = Clock.system().millis();
        appendAt(now - 3L * HOUR_MS);
        appendAt(now - HOUR_MS);
        commit(0);
        deleteBefore(1);

        double seconds = read().get("kafka_consumergroup_lag_seconds", "billing", "orders", "0");
        assertTrue(seconds >= 3600 && seconds < 3600 + 120, "that of the oldest that is there: " + seconds);
    }

    @Test
    void aBrokerThatStopsIsNotReady() throws IOException {
        assertEquals(BrokerHealth.READY, broker.broker().health());
        broker.broker().close();
        assertEquals(BrokerHealth.notReady("stopping"), broker.broker().health());
    }
}

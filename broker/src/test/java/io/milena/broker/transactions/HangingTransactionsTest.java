package io.milena.broker.transactions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.broker.partitions.LoneReplicaHost;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.partitions.Replica;
import io.milena.broker.transactions.HangingTransactions.Hanging;
import io.milena.log.Log;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.Uuids;
import io.milena.records.ControlRecord;
import io.milena.records.RecordBatchBuilder;
import io.milena.replication.Assignment;
import io.milena.replication.ReplicationSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.transactions.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is open and unknown to the coordinators is found at the second look, and reported once. */
class HangingTransactionsTest {
    private static final TopicPartition WHERE = new TopicPartition("orders", 0);

    @TempDir
    Path data = Path.of("");

    private final Partitions partitions = new Partitions(1);
    private final Set<Long> known = new HashSet<>();
    private final HangingTransactions hanging =
            new HangingTransactions(partitions, (where, producerId) -> known.contains(producerId));
    private LogDirectory directory;
    private Log log;

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(
                data, LogDirectory.Settings.DEFAULTS, topic -> LogSettings.DEFAULTS, Environment.system());
        directory.create("orders", List.of(0), Uuids.random(new Random(1)), LogSettings.DEFAULTS);
        log = Objects.requireNonNull(directory.log("orders", 0));
        Replica replica = new Replica(log, new LoneReplicaHost(1, Environment.system()), ReplicationSettings.DEFAULT);
        partitions.add(replica);
        replica.assign(new Assignment(1, 0, 0, List.of(1), List.of(1)));
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private void write(long producerId) {
        log.append(
                new RecordBatchBuilder()
                        .producer(producerId, (short) 0, 0)
                        .transactional()
                        .append(Clock.system().millis(), null, ByteBuffer.allocate(10))
                        .build()
                        .buffer(),
                0);
    }

    @Test
    void whatNobodyKnowsIsReportedAtTheSecondLookAndOnlyThen() {
        write(7);
        assertEquals(List.of(), hanging.look(0));
        assertEquals(List.of(new Hanging(WHERE, 7, 0)), hanging.look(0));
        assertEquals(List.of(), hanging.look(0));
    }

    @Test
    void whatHangsIsToldAsLongAsItHangs() {
        write(7);
        hanging.look(0);
        assertEquals(List.of(), hanging.current());
        hanging.look(0);
        hanging.look(0);
        long lastTimestampMs = log.producers().getFirst().lastTimestampMs();
        assertEquals(List.of(new HangingTransaction("orders", 0, 7, 0, lastTimestampMs)), hanging.current());
        log.appendMarker(7, (short) 0, 0, ControlRecord.ABORT, 0);
        hanging.look(0);
        assertEquals(List.of(), hanging.current());
    }

    @Test
    void whatACoordinatorKnowsDoesNotHang() {
        write(7);
        known.add(7L);
        hanging.look(0);
        assertEquals(List.of(), hanging.look(0));
    }

    @Test
    void whatHasEndedDoesNotHang() {
        write(7);
        hanging.look(0);
        log.appendMarker(7, (short) 0, 0, ControlRecord.ABORT, 0);
        assertEquals(List.of(), hanging.look(0));
        write(8);
        hanging.look(0);
        assertEquals(List.of(new Hanging(WHERE, 8, 2)), hanging.look(0));
    }
}

package io.milena.broker.partitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.records.BatchHeader;
import io.milena.records.RecordBatchBuilder;
import io.milena.replication.Assignment;
import io.milena.replication.ReplicationSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No partition takes a batch of a transaction that its coordinator has not heard of. */
class TransactionalAppendsTest {
    private static final short VERSION_THAT_ADDS = 12;

    @TempDir
    Path data = Path.of("");

    private final List<SortedSet<TopicPartition>> added = new ArrayList<>();
    private final List<Partition> partitions = new ArrayList<>();
    private LogDirectory directory;

    private final TransactionGate gate = new TransactionGate() {
        @Override
        public ErrorCode add(String transactionalId, Producer producer, SortedSet<TopicPartition> wanted) {
            added.add(new TreeSet<>(wanted));
            return ErrorCode.NONE;
        }

        @Override
        public ErrorCode verify(String transactionalId, Producer producer, TopicPartition partition) {
            throw new AssertionError("a producer of today asks for nothing before");
        }
    };

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(
                data, LogDirectory.Settings.DEFAULTS, topic -> LogSettings.DEFAULTS, Environment.system());
        directory.create("orders", List.of(0, 1), Uuids.random(new Random(1)), LogSettings.DEFAULTS);
        for (int index = 0; index < 2; index++) {
            Replica replica = new Replica(
                    Objects.requireNonNull(directory.log("orders", index)),
                    new LoneReplicaHost(1, Environment.system()),
                    ReplicationSettings.DEFAULT);
            replica.assign(new Assignment(1, 0, 0, List.of(1), List.of(1)));
            partitions.add(new Partition(replica, new TopicTraffic()));
        }
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private static boolean isTaken(TransactionalAppends appends, Partition partition, int sequence) {
        Payload.InMemory records = new Payload.InMemory(new RecordBatchBuilder()
                .producer(7, (short) 0, sequence)
                .transactional()
                .append(Clock.system().millis(), null, ByteBuffer.allocate(10))
                .build()
                .buffer());
        PartitionProduceData batch = PartitionProduceData.builder()
                .index(partition.index())
                .records(records)
                .build();
        BatchHeader header = Objects.requireNonNull(TransactionalAppends.header(batch));
        return !appends.append(partition, batch, records, header).isFailed();
    }

    private static SortedSet<TopicPartition> orders(Integer... indexes) {
        SortedSet<TopicPartition> all = new TreeSet<>();
        List.of(indexes).forEach(index -> all.add(new TopicPartition("orders", index)));
        return all;
    }

    @Test
    void allPartitionsOfARequestAreAddedWhenTheFirstOneIs() {
        TransactionalAppends appends = new TransactionalAppends(gate, "id", VERSION_THAT_ADDS);
        partitions.forEach(appends::expect);
        assertTrue(isTaken(appends, partitions.getFirst(), 0));
        assertTrue(isTaken(appends, partitions.getLast(), 0));
        assertEquals(List.of(orders(0, 1)), added);
    }

    /** The topic was being created when the request came. */
    @Test
    void aPartitionThatIsFoundOnlyLaterIsAddedToo() {
        TransactionalAppends appends = new TransactionalAppends(gate, "id", VERSION_THAT_ADDS);
        appends.expect(partitions.getFirst());
        assertTrue(isTaken(appends, partitions.getFirst(), 0));
        assertTrue(isTaken(appends, partitions.getLast(), 0));
        assertEquals(List.of(orders(0), orders(0, 1)), added);
    }

    /** The first batch was refused for the moment, when the second was under way already. */
    @Test
    void noBatchOvertakesTheFirstOfATransaction() {
        TransactionalAppends appends = new TransactionalAppends(gate, "id", VERSION_THAT_ADDS);
        appends.expect(partitions.getFirst());
        assertFalse(isTaken(appends, partitions.getFirst(), 1));
        assertTrue(isTaken(appends, partitions.getFirst(), 0));
        assertTrue(isTaken(appends, partitions.getFirst(), 1));
    }

    @Test
    void whatIsOpenIsNotAskedForAgain() {
        for (int request = 0; request < 2; request++) {
            TransactionalAppends appends = new TransactionalAppends(gate, "id", VERSION_THAT_ADDS);
            appends.expect(partitions.getFirst());
            assertTrue(isTaken(appends, partitions.getFirst(), request));
        }
        assertEquals(List.of(orders(0)), added);
        assertFalse(partitions.getLast().log().transactions().isOpen(7, (short) 0));
    }
}

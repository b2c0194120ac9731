package io.milena.broker.partitions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.Uuids;
import io.milena.replication.Assignment;
import io.milena.replication.ReplicationSettings;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A producer has several batches on their way, and the first is refused because too few replicas are in sync; before the next one comes, they are. */
class OvertakenBatchesTest {
    private static final String TOPIC = "orders";
    private static final List<Integer> BOTH = List.of(1, 2);

    @TempDir
    Path data = Path.of("");

    private final Partitions partitions = new Partitions(1);
    private final Producing client = new Producing(partitions, 1);
    private LogDirectory directory;
    private Replica replica;

    @BeforeEach
    void load() throws IOException {
        directory = LogDirectory.open(
                data, LogDirectory.Settings.DEFAULTS, topic -> LogSettings.DEFAULTS, Environment.system());
        directory.create(TOPIC, List.of(0), Uuids.random(new Random(1)), LogSettings.DEFAULTS);
        replica = new Replica(
                Objects.requireNonNull(directory.log(TOPIC, 0)),
                new SilentReplicaHost(),
                new ReplicationSettings(30_000, 2, 1_000));
        partitions.add(replica);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private void inSync(int partitionEpoch, List<Integer> isr) {
        replica.assign(new Assignment(1, 0, partitionEpoch, BOTH, isr));
    }

    /** How long the log is afterwards. */
    private long send(long producerId, int sequence) {
        client.send(TOPIC, 0, Producing.batch().producer(producerId, (short) 0, sequence));
        return Objects.requireNonNull(directory.log(TOPIC, 0)).logEndOffset();
    }

    @Test
    void theNextOneIsNotTakenForTheFirst() {
        // Given
        inSync(0, List.of(1));
        assertEquals(0, send(7, 0));
        assertEquals(0, send(7, 1));
        // When
        inSync(1, BOTH);
        assertEquals(0, send(7, 2));
        // Then: it sends all again, in their order
        assertEquals(1, send(7, 0));
        assertEquals(2, send(7, 1));
        assertEquals(3, send(7, 2));
    }

    @Test
    void othersAreNotHeldUp() {
        inSync(0, List.of(1));
        assertEquals(0, send(7, 0));
        inSync(1, BOTH);
        assertEquals(1, send(8, 5)); // of which nothing was refused: it is known to nobody any more, and goes on
        assertEquals(1, send(7, 1));
    }
}

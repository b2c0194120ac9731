package io.milena.broker.partitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.AppendResult;
import io.milena.log.Log;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.Uuids;
import io.milena.replication.Assignment;
import io.milena.replication.ReplicationSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica handles one command at a time, and some wait for the disk: an append does while its log moves to another directory. */
class ForcedLogsTest {
    private static final String TOPIC = "orders";
    private static final int FORCES = 3;

    @TempDir
    Path data = Path.of("");

    /** Of a follower whose first command waits until the log was forced some times. */
    private static final class Host extends SilentReplicaHost {
        private final AtomicBoolean isAsked = new AtomicBoolean();
        private int forced;

        @Override
        public void fetch(Replica replica) {
            boolean isFirst = isAsked.compareAndSet(false, true);
            while (isFirst && forced < FORCES && isForced(replica.log())) {
                forced++;
            }
        }

        private static boolean isForced(Log log) {
            long before = log.logEndOffset();
            assertInstanceOf(
                    AppendResult.Appended.class,
                    log.append(Producing.batch().build().buffer(), 0));
            log.requestFlush();
            try {
                return log.changed()
                        .await(() -> log.flushedOffset() > before, Deadline.afterMs(Clock.system(), 10_000));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Or the thread that forces would wait for the command that waits for it. */
    @Test
    void aCommandThatWaitsForTheDiskDoesNotHoldUpWhoForces() throws Exception {
        try (LogDirectory directory = LogDirectory.open(
                data, LogDirectory.Settings.DEFAULTS, topic -> LogSettings.DEFAULTS, Environment.system())) {
            directory.create(TOPIC, List.of(0), Uuids.random(new Random(1)), LogSettings.DEFAULTS);
            Host host = new Host();
            Replica replica = new Replica(
                    Objects.requireNonNull(directory.log(TOPIC, 0)), host, new ReplicationSettings(30_000, 1, 1_000));
            // When
            replica.assign(new Assignment(2, 0, 0, List.of(1, 2), List.of(1, 2)));
            // Then
            assertEquals(FORCES, host.forced);
            assertTrue(replica.log().flushedOffset() >= FORCES);
        }
    }
}

package io.milena.broker.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.Throttles;
import io.milena.metadata.Throttles.Side;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copying that is held back, on either side of it. */
@Timeout(60)
class ThrottleTest {
    private static final int RECORDS = 20;
    private static final int RECORD_BYTES = 50_000;
    private static final long RATE = 100_000;

    /** A cluster whose third broker has nothing of what was produced since it went. */
    private static ScriptedCluster withAFollowerFarBehind(long seed) {
        ScriptedCluster cluster = new ScriptedCluster(seed, 3);
        cluster.losePower(3);
        ReplicationTest.produce(cluster, 1, "the follower leaves");
        assertEquals(List.of(1, 2), cluster.assignment().isr());
        cluster.world.run(() -> {
            for (int i = 0; i < RECORDS; i++) {
                ReplicationTest.append(cluster, 1, "x".repeat(RECORD_BYTES), false);
            }
        });
        return cluster;
    }

    private static long msUntilInSync(ScriptedCluster cluster) {
        long before = cluster.world.clock().millis();
        cluster.start(3);
        cluster.world.runUntil(() -> cluster.assignment().isr().size() == 3);
        return cluster.world.clock().millis() - before;
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void aFollowerCatchesUpAtTheRateThatIsSetAndThoseInSyncAreNotHeldUp(Side side) {
        // Given
        ScriptedCluster cluster = withAFollowerFarBehind(1);
        cluster.throttle(side, RATE);
        // When
        long before = cluster.world.clock().millis();
        ReplicationTest.produce(cluster, 1, "y".repeat(2 * RECORD_BYTES));
        long producedMs = cluster.world.clock().millis() - before;
        long caughtUpMs = msUntilInSync(cluster);
        // Then
        assertTrue(producedMs < 500, "a follower in sync was held back for " + producedMs + " ms");
        long expectedMs = 1000L * (RECORDS + 2) * RECORD_BYTES / RATE;
        assertTrue(
                caughtUpMs > expectedMs - 3_000 && caughtUpMs < expectedMs + 3_000,
                caughtUpMs + " ms instead of about " + expectedMs);
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void withoutALimitItIsThereAtOnce(Side side) {
        ScriptedCluster cluster = withAFollowerFarBehind(1);
        cluster.throttle(side, Throttles.UNLIMITED);
        long caughtUpMs = msUntilInSync(cluster);
        assertTrue(caughtUpMs < 3_000, caughtUpMs + " ms");
    }
}

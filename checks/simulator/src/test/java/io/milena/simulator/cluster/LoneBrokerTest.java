package io.milena.simulator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.BrokerHealth;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedEnvironment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The first of three nodes that is started, while the others are not there yet. */
class LoneBrokerTest {
    private static final int STORIES = 3;
    private static final List<Integer> IDS = List.of(1, 2, 3);

    @Test
    void itIsNotReadyBeforeAControllerCountsOnIt() {
        Seeds.each(LoneBrokerTest.class, STORIES, seed -> {
            // Given
            SimulatedEnvironment world = new SimulatedEnvironment(seed);
            SimulatedQuorum quorum = new SimulatedQuorum(world, IDS);
            List<Machine> machines = IDS.stream()
                    .map(id -> new Machine(id, world, quorum, 1, Map.of()))
                    .toList();
            Machine first = machines.getFirst();
            first.start();
            // When it has waited long enough
            world.runUntil(() -> first.health() != null);
            // Then
            assertEquals(BrokerHealth.notReady("no controller counts on this broker"), first.health());
            assertTrue(world.clock().nanos() >= 30_000_000_000L);
            // When the others are there
            machines.forEach(Machine::start);
            // Then
            world.runUntil(() -> machines.stream().allMatch(machine -> BrokerHealth.READY.equals(machine.health())));
        });
    }
}

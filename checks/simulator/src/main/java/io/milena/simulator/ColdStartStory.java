package io.milena.simulator;

import io.milena.testkit.SimulatedEnvironment;
import io.milena.testkit.SimulationSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A broker that starts for the first time, and many transactional producers that are there from its first moment, each under an id of its own. Nothing crashes. */
public final class ColdStartStory {
    private static final String TOPIC = "first";
    private static final int PARTITIONS = 4;
    private static final int TRANSACTIONS = 3;

    private final SimulatedEnvironment world;
    private final int producers;

    public ColdStartStory(long seed, int producers, Map<String, String> brokerSettings) {
        this.world =
                new SimulatedEnvironment(seed, SimulationSettings.standard().withYieldRate(0.5));
        this.producers = producers;
        new BrokerHost(world, brokerSettings);
    }

    /** Runs to the end; an end that is refused is thrown, and a transaction that stays open. */
    public void run() {
        List<Client> clients = new ArrayList<>();
        Client creator = new TopicCreator(world, TOPIC, PARTITIONS, Map.of());
        creator.start("creator");
        for (int i = 0; i < producers; i++) {
            Client client = new FirstTransactions(world, "first-" + i, TOPIC, PARTITIONS, TRANSACTIONS);
            client.start("producer-" + i);
            clients.add(client);
        }
        world.runUntil(() -> clients.stream().allMatch(Client::isDone));
        for (int i = 0; i < PARTITIONS; i++) {
            int partition = i;
            world.run(() -> requireAllEnded(partition));
        }
    }

    private void requireAllEnded(int partition) throws IOException {
        try (WireClient connection = WireClient.connect(world.test().network())) {
            long end = FirstTransactions.end(connection, TOPIC, partition, false);
            long stable = FirstTransactions.end(connection, TOPIC, partition, true);
            if (stable != end || end <= 0) {
                throw new History.Violation("partition " + partition + " ends at " + end
                        + ", and readers of committed data stop at " + stable);
            }
        }
    }
}

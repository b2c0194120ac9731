package io.milena.simulator.cluster;

import io.milena.metadata.ClusterImage;
import io.milena.protocol.record.PartitionRecord;
import io.milena.simulator.Work;
import io.milena.testkit.SimulatedEnvironment;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the workloads of a story share.
 *
 * @param brokers by their ids
 * @param metadata the newest that are committed, whoever has heard of them
 * @param isEnough whether clients should come to an end
 */
record Stage(
        SimulatedEnvironment world,
        List<Integer> brokers,
        Watch watch,
        Supplier<ClusterImage> metadata,
        BooleanSupplier isEnough) {
    /** Whether a broker coordinates all groups, whose offsets are in one partition. */
    boolean coordinatesGroups(int broker) {
        return leads(broker, "__consumer_offsets", 0);
    }

    boolean leads(int broker, String topic, int partition) {
        PartitionRecord found = metadata.get().partition(topic, partition);
        return found != null && found.leader() == broker;
    }

    /** A client that does some work, about to be started. */
    ClusterClient client(Work work) {
        return new ClusterWorker(this, work);
    }
}

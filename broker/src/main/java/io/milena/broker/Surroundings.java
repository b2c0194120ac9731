package io.milena.broker;

import io.milena.broker.cluster.DataPaths;
import io.milena.broker.partitions.Partitions;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.QuorumSettings;
import io.milena.quorum.RatisMetadataLog;
import io.milena.runtime.Environment;
import io.milena.runtime.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What stands around a broker: its disks, the network, time, and how it agrees with others on the metadata. The machine's own, or a world of somebody's making.
 *
 * @param agreement asked only by a broker among others
 * @param witness is shown the broker's partitions before the first is there, to watch them from within the process
 */
public record Surroundings(
        DataPaths paths, Network network, Environment environment, Agreement agreement, Consumer<Partitions> witness) {
    /** Opens this node's member of the quorum of the metadata. */
    @FunctionalInterface
    public interface Agreement {
        MetadataLog open(Path data, QuorumSettings settings, Environment environment, MetadataLog.Listener listener)
                throws IOException;
    }

    /** The same, with another way to reach others and to be reached. */
    Surroundings with(Network other) {
        return new Surroundings(paths, other, environment, agreement, witness);
    }

    /** Of a broker that agrees with others by Apache Ratis. */
    static Surroundings of(DataPaths paths, Network network, Environment environment) {
        // Not a reference to the method: a broker that is alone must load no class of Ratis.
        return new Surroundings(
                paths,
                network,
                environment,
                (data, settings, around, listener) -> {
                    if (settings.isFirstAlone()) {
                        RatisMetadataLog.migrate(data, settings.clusterId(), around.clock());
                    }
                    return RatisMetadataLog.open(data, settings, around, listener);
                },
                partitions -> {});
    }
}

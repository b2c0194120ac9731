package io.milena.cli;

import io.milena.cli.PartitionPlan.Place;
import io.milena.cli.client.ClusterClient;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsTopic;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** How many bytes each broker has on disk of each partition, as they say themselves. */
final class ReplicaSizes {
    /** Looked up only. */
    private final Map<Place, Map<Integer, Long>> bytes = new HashMap<>();

    static ReplicaSizes ask(ClusterClient client) throws IOException {
        ReplicaSizes sizes = new ReplicaSizes();
        DescribeLogDirsRequest all =
                DescribeLogDirsRequest.builder().topics(null).build();
        for (MetadataResponseBroker broker : client.brokers()) {
            DescribeLogDirsResponse response = client.sendTo(broker, all, DescribeLogDirsResponse.class);
            response.results()
                    .forEach(directory -> directory
                            .topics()
                            .forEach(topic -> topic.partitions()
                                    .forEach(partition -> sizes.add(broker.nodeId(), topic, partition))));
        }
        return sizes;
    }

    private void add(int broker, DescribeLogDirsTopic topic, DescribeLogDirsPartition partition) {
        bytes.computeIfAbsent(new Place(topic.name(), partition.partitionIndex()), place -> new HashMap<>())
                .merge(broker, partition.partitionSize(), Math::max);
    }

    long of(Place place, int broker) {
        return bytes.getOrDefault(place, Map.of()).getOrDefault(broker, 0L);
    }

    /** Of the largest replica. */
    long of(Place place) {
        return bytes.getOrDefault(place, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }
}

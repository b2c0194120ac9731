package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.message.IncrementalAlterConfigsRequest;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.milena.protocol.message.IncrementalAlterConfigsResponse;
import io.milena.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How fast replicas are copied: a rate for all brokers that run, and all replicas of the topics that are moved (KIP-73). Replicas that are in sync are not held back by it. */
record CopyLimit(ClusterClient client) {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte SET = 0;
    private static final byte RESET = 1;
    private static final List<String> RATES =
            List.of("leader.replication.throttled.rate", "follower.replication.throttled.rate");
    private static final List<String> REPLICAS =
            List.of("leader.replication.throttled.replicas", "follower.replication.throttled.replicas");

    void set(Collection<String> topics, long bytesPerSecond) throws IOException {
        alter(topics, SET, "*", Long.toString(bytesPerSecond));
    }

    void remove(Collection<String> topics) throws IOException {
        alter(topics, RESET, "", "");
    }

    private void alter(Collection<String> topics, byte operation, String replicas, String rate) throws IOException {
        List<AlterConfigsResource> resources = new ArrayList<>();
        for (String topic : topics) {
            resources.add(new AlterConfigsResource(TOPIC, topic, configs(REPLICAS, operation, replicas)));
        }
        for (MetadataResponseBroker broker : client.brokers()) {
            resources.add(new AlterConfigsResource(
                    BROKER, Integer.toString(broker.nodeId()), configs(RATES, operation, rate)));
        }
        IncrementalAlterConfigsRequest request =
                IncrementalAlterConfigsRequest.builder().resources(resources).build();
        for (AlterConfigsResourceResponse result : client.sendToController(
                        request, IncrementalAlterConfigsResponse.class)
                .responses()) {
            ClusterClient.check(result.errorCode(), "the limit of " + result.resourceName(), result.errorMessage());
        }
    }

    private static List<AlterableConfig> configs(List<String> names, byte operation, String value) {
        return names.stream()
                .map(name -> new AlterableConfig(name, operation, operation == SET ? value : null))
                .toList();
    }
}

package io.milena.broker.configs;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.message.ListConfigResourcesRequest;
import io.milena.protocol.message.ListConfigResourcesResponse;
import io.milena.protocol.message.ListConfigResourcesResponse.ConfigResource;
import java.util.ArrayList;
import java.util.List;

/** ListConfigResources: what has settings. In version 0 only client-metrics resources are meant, of which there are none. */
public final class ListConfigResourcesHandler implements ApiHandler<ListConfigResourcesRequest> {
    private static final byte BROKER_LOGGER = 8;

    private final ClusterMetadata metadata;
    private final String nodeId;

    public ListConfigResourcesHandler(ClusterMetadata metadata, int nodeId) {
        this.metadata = metadata;
        this.nodeId = Integer.toString(nodeId);
    }

    @Override
    public Answer handle(ListConfigResourcesRequest request, RequestContext context) {
        List<ConfigResource> resources = new ArrayList<>();
        if (context.version() > 0) {
            boolean isAll = request.resourceTypes().isEmpty();
            if (isAll || request.resourceTypes().contains(ClusterImage.Resource.TOPIC)) {
                metadata.image()
                        .topics()
                        .forEach(topic -> resources.add(new ConfigResource(topic.name(), ClusterImage.Resource.TOPIC)));
            }
            if (isAll || request.resourceTypes().contains(ClusterImage.Resource.BROKER)) {
                resources.add(new ConfigResource(nodeId, ClusterImage.Resource.BROKER));
            }
            if (isAll || request.resourceTypes().contains(ClusterImage.Resource.GROUP)) {
                metadata.image()
                        .resourcesWithSettings(ClusterImage.Resource.GROUP)
                        .forEach(group -> resources.add(new ConfigResource(group, ClusterImage.Resource.GROUP)));
            }
            if (isAll || request.resourceTypes().contains(BROKER_LOGGER)) {
                resources.add(new ConfigResource(nodeId, BROKER_LOGGER));
            }
        }
        return Answer.now(
                ListConfigResourcesResponse.builder().configResources(resources).build());
    }
}

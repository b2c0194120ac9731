package io.milena.broker.topics;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.OtherBrokers;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.log.DeletedTopics;
import io.milena.metadata.Controller;
import io.milena.protocol.ApiKey;
import io.milena.protocol.message.DescribeTrashRequest;
import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.RestoreTopicRequest;
import io.milena.runtime.Clock;

/** The APIs for deleted topics. */
public record TrashApis(
        ClusterMetadata metadata,
        Controller controller,
        DeletedTopics deletedTopics,
        OtherBrokers others,
        Clock clock) {
    public void addTo(ApiCatalog catalog) {
        DescribeTrashHandler here = new DescribeTrashHandler(metadata, deletedTopics, clock);
        ClusterTrash trash = new ClusterTrash(metadata, here, others);
        catalog.add(
                        ApiKey.LIST_DELETED_TOPICS,
                        0,
                        0,
                        ListDeletedTopicsRequest.class,
                        new ListDeletedTopicsHandler(trash))
                .add(
                        ApiKey.RESTORE_TOPIC,
                        0,
                        0,
                        RestoreTopicRequest.class,
                        new RestoreTopicHandler(metadata, controller, trash))
                .add(ApiKey.DESCRIBE_TRASH, 0, 0, DescribeTrashRequest.class, here);
    }
}

package io.milena.broker.placement;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.BrokerChanges;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.FeatureUpdates;
import io.milena.metadata.LeaderElections;
import io.milena.metadata.Outcome;
import io.milena.metadata.Reassignments;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse;
import io.milena.protocol.message.ElectLeadersRequest;
import io.milena.protocol.message.ElectLeadersResponse;
import io.milena.protocol.message.ListPartitionReassignmentsRequest;
import io.milena.protocol.message.ListPartitionReassignmentsResponse;
import io.milena.protocol.message.UnregisterBrokerRequest;
import io.milena.protocol.message.UnregisterBrokerResponse;
import io.milena.protocol.message.UpdateFeaturesRequest;
import io.milena.protocol.message.UpdateFeaturesResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The APIs of this package. Each is one decision, and an answer that tells its outcome for each part of the request. */
public record PlacementApis(
        ClusterMetadata metadata,
        Reassignments reassignments,
        LeaderElections elections,
        BrokerChanges brokers,
        FeatureUpdates features) {

    public void addTo(ApiCatalog catalog) {
        catalog.add(
                        ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                        0,
                        1,
                        AlterPartitionReassignmentsRequest.class,
                        new Decided<>(
                                metadata,
                                (image, request, version) -> reassignments.alter(image, request),
                                error -> AlterPartitionReassignmentsResponse.builder()
                                        .errorCode(error.code())
                                        .build()))
                .add(
                        ApiKey.LIST_PARTITION_REASSIGNMENTS,
                        0,
                        0,
                        ListPartitionReassignmentsRequest.class,
                        new Decided<>(
                                metadata,
                                (image, request, version) ->
                                        new Outcome<>(List.of(), reassignments.list(image, request)),
                                error -> ListPartitionReassignmentsResponse.builder()
                                        .errorCode(error.code())
                                        .build()))
                .add(
                        ApiKey.ELECT_LEADERS,
                        0,
                        2,
                        ElectLeadersRequest.class,
                        new Decided<>(
                                metadata,
                                (image, request, version) -> elections.elect(image, request),
                                error -> ElectLeadersResponse.builder()
                                        .errorCode(error.code())
                                        .build()))
                .add(
                        ApiKey.UNREGISTER_BROKER,
                        0,
                        0,
                        UnregisterBrokerRequest.class,
                        new Decided<>(metadata, this::unregister, error -> unregistered(error, null)))
                .add(
                        ApiKey.UPDATE_FEATURES,
                        0,
                        2,
                        UpdateFeaturesRequest.class,
                        new Decided<>(
                                metadata,
                                features::update,
                                error -> UpdateFeaturesResponse.builder()
                                        .errorCode(error.code())
                                        .build()));
    }

    private Outcome<UnregisterBrokerResponse> unregister(
            ClusterImage image, UnregisterBrokerRequest request, short version) {
        int id = request.brokerId();
        return image.broker(id) == null
                ? new Outcome<>(
                        List.of(),
                        unregistered(
                                ErrorCode.BROKER_ID_NOT_REGISTERED, "Broker ID " + id + " is not currently registered"))
                : new Outcome<>(brokers.unregister(image, id), unregistered(ErrorCode.NONE, null));
    }

    private static UnregisterBrokerResponse unregistered(ErrorCode error, @Nullable String message) {
        return UnregisterBrokerResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }
}

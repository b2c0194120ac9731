package io.milena.broker.cluster;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ApiVersionsRequest;
import io.milena.protocol.message.ApiVersionsResponse;
import io.milena.protocol.message.ApiVersionsResponse.ApiVersion;
import io.milena.protocol.message.ApiVersionsResponse.FinalizedFeatureKey;
import io.milena.protocol.message.ApiVersionsResponse.SupportedFeatureKey;
import java.util.List;
import java.util.regex.Pattern;

/** ApiVersions: what the catalog serves, and the features that clients switch behaviour on. */
public final class ApiVersionsHandler implements ApiHandler<ApiVersionsRequest> {
    private static final short FIRST_VERSION_WITH_SOFTWARE_NAME = 3;
    /** Clients of earlier versions cannot read a feature that may be at level 0 (KAFKA-17011). */
    private static final short FIRST_VERSION_WITH_LEVEL_ZERO = 4;

    private static final short FIRST_VERSION_WITH_TARGET = 5;
    private static final Pattern SOFTWARE_NAME = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");
    private static final int ANY_NODE = -1;

    private final ApiCatalog catalog;
    private final BrokerIdentity identity;
    private final ClusterMetadata metadata;

    /** @param catalog may still be filled; it is read with each request */
    public ApiVersionsHandler(ApiCatalog catalog, BrokerIdentity identity, ClusterMetadata metadata) {
        this.catalog = catalog;
        this.identity = identity;
        this.metadata = metadata;
    }

    @Override
    public Answer handle(ApiVersionsRequest request, RequestContext context) {
        ErrorCode error = check(request, context.version());
        if (error != ErrorCode.NONE) {
            return Answer.now(
                    ApiVersionsResponse.builder().errorCode(error.code()).build());
        }
        List<ApiVersion> apis = catalog.entries().stream()
                .filter(ApiCatalog.Entry::isAdvertised)
                .map(api -> new ApiVersion(api.key().key(), api.advertisedMin(), api.max()))
                .toList();
        return Answer.now(ApiVersionsResponse.builder()
                .apiKeys(apis)
                .supportedFeatures(Features.SUPPORTED.stream()
                        .filter(f -> f.min() > 0 || context.version() >= FIRST_VERSION_WITH_LEVEL_ZERO)
                        .map(f -> new SupportedFeatureKey(f.name(), f.min(), f.max()))
                        .toList())
                .finalizedFeaturesEpoch(metadata.offset())
                .finalizedFeatures(metadata.image().features().entrySet().stream()
                        .filter(feature -> feature.getValue() > 0)
                        .map(feature ->
                                new FinalizedFeatureKey(feature.getKey(), feature.getValue(), feature.getValue()))
                        .toList())
                .build());
    }

    private ErrorCode check(ApiVersionsRequest request, short version) {
        if (version >= FIRST_VERSION_WITH_SOFTWARE_NAME
                && !(SOFTWARE_NAME.matcher(request.clientSoftwareName()).matches()
                        && SOFTWARE_NAME
                                .matcher(request.clientSoftwareVersion())
                                .matches())) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (version >= FIRST_VERSION_WITH_TARGET && !isMeantForThisBroker(request)) {
            return ErrorCode.REBOOTSTRAP_REQUIRED;
        }
        return ErrorCode.NONE;
    }

    private boolean isMeantForThisBroker(ApiVersionsRequest request) {
        String clusterId = request.clusterId();
        return (clusterId == null || clusterId.equals(identity.clusterId()))
                && (request.nodeId() == ANY_NODE || request.nodeId() == identity.nodeId());
    }
}

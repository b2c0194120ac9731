package io.milena.broker.configs;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsSynonym;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DescribeConfigs: the settings of topics, of groups and of this broker, with sources, synonyms and documentation. */
public final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequest> {
    private final ClusterMetadata metadata;
    private final SettingViews views;
    private final int nodeId;

    public DescribeConfigsHandler(ClusterMetadata metadata, SettingViews views, int nodeId) {
        this.metadata = metadata;
        this.views = views;
        this.nodeId = nodeId;
    }

    @Override
    public Answer handle(DescribeConfigsRequest request, RequestContext context) {
        return Answer.now(DescribeConfigsResponse.builder()
                .results(request.resources().stream()
                        .map(resource -> describe(resource, request))
                        .toList())
                .build());
    }

    private DescribeConfigsResult describe(DescribeConfigsResource resource, DescribeConfigsRequest request) {
        DescribeConfigsResult.Builder result = DescribeConfigsResult.builder()
                .resourceType(resource.resourceType())
                .resourceName(resource.resourceName());
        ClusterImage image = metadata.image();
        return switch (resource.resourceType()) {
            case ClusterImage.Resource.TOPIC ->
                image.topic(resource.resourceName()) == null
                        ? refused(
                                result,
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                "There is no topic '" + resource.resourceName() + "'.")
                        : described(result, views.ofTopic(image, resource.resourceName()), resource, request);
            case ClusterImage.Resource.BROKER ->
                resource.resourceName().isEmpty()
                        ? described(result, views.ofAllBrokers(image), resource, request)
                        : resource.resourceName().equals(Integer.toString(nodeId))
                                ? described(result, views.ofBroker(image), resource, request)
                                : refused(
                                        result,
                                        ErrorCode.INVALID_REQUEST,
                                        "This is broker " + nodeId + ", not " + resource.resourceName() + ".");
            case ClusterImage.Resource.GROUP ->
                resource.resourceName().isEmpty()
                        ? refused(result, ErrorCode.INVALID_REQUEST, "A group has to be named.")
                        : described(result, views.ofGroup(image, resource.resourceName()), resource, request);
            default ->
                refused(
                        result,
                        ErrorCode.INVALID_REQUEST,
                        "Resources of type " + resource.resourceType() + " have no settings here.");
        };
    }

    private static DescribeConfigsResult refused(
            DescribeConfigsResult.Builder result, ErrorCode error, String message) {
        return result.errorCode(error.code()).errorMessage(message).build();
    }

    private static DescribeConfigsResult described(
            DescribeConfigsResult.Builder result,
            List<SettingViews.View> all,
            DescribeConfigsResource resource,
            DescribeConfigsRequest request) {
        List<String> wanted = resource.configurationKeys();
        return result.configs(all.stream()
                        .filter(view -> wanted == null || wanted.isEmpty() || wanted.contains(view.name()))
                        .map(view -> entry(view, resource.resourceType(), request))
                        .toList())
                .build();
    }

    private static DescribeConfigsResourceResult entry(
            SettingViews.View view, byte resourceType, DescribeConfigsRequest request) {
        List<DescribeConfigsSynonym> synonyms = request.includeSynonyms()
                ? view.origins().stream()
                        .map(origin ->
                                new DescribeConfigsSynonym(origin.name(), shown(view, origin.value()), origin.source()))
                        .toList()
                : List.of();
        return DescribeConfigsResourceResult.builder()
                .name(view.name())
                .value(shown(view, view.value()))
                .readOnly(resourceType == ClusterImage.Resource.BROKER && !view.isDynamic())
                .configSource(view.source())
                .isSensitive(view.definition().isSensitive())
                .synonyms(synonyms)
                .configType(view.definition().type().id())
                .documentation(
                        request.includeDocumentation() ? view.definition().documentation() : null)
                .build();
    }

    /** A secret is null, as if it was not set. */
    private static @Nullable String shown(SettingViews.View view, @Nullable String value) {
        return view.definition().isSensitive() ? null : value;
    }
}

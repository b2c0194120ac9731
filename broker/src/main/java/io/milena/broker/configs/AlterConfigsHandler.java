package io.milena.broker.configs;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.metadata.Decision;
import io.milena.protocol.message.AlterConfigsRequest;
import io.milena.protocol.message.AlterConfigsRequest.AlterConfigsResource;
import io.milena.protocol.message.AlterConfigsRequest.AlterableConfig;
import io.milena.protocol.message.AlterConfigsResponse;
import io.milena.protocol.message.AlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** AlterConfigs: replaces all settings of a resource; what is not named goes back to its default. */
public final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequest> {
    private final SettingChanges changes;

    public AlterConfigsHandler(SettingChanges changes) {
        this.changes = changes;
    }

    @Override
    public Answer handle(AlterConfigsRequest request, RequestContext context) {
        return Answer.now(AlterConfigsResponse.builder()
                .responses(request.resources().stream()
                        .map(resource -> alter(resource, request.validateOnly()))
                        .toList())
                .build());
    }

    private AlterConfigsResourceResponse alter(AlterConfigsResource resource, boolean isDryRun) {
        Decision decision = changes.apply(
                resource.resourceType(), resource.resourceName(), present -> values(resource, present), isDryRun);
        return new AlterConfigsResourceResponse(
                decision.error().code(), decision.message(), resource.resourceType(), resource.resourceName());
    }

    private static Map<String, @Nullable String> values(AlterConfigsResource resource, Map<String, String> present) {
        Map<String, @Nullable String> values = new TreeMap<>();
        present.keySet().forEach(name -> values.put(name, null));
        for (AlterableConfig config : resource.configs()) {
            values.put(config.name(), config.value());
        }
        return values;
    }
}

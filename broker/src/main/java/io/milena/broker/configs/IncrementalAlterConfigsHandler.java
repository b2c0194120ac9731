package io.milena.broker.configs;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.metadata.Decision;
import io.milena.metadata.SettingDefinition;
import io.milena.metadata.TopicSettingCatalog;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.IncrementalAlterConfigsRequest;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.milena.protocol.message.IncrementalAlterConfigsResponse;
import io.milena.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** IncrementalAlterConfigs: sets and resets single settings, and adds to or takes from lists. */
public final class IncrementalAlterConfigsHandler implements ApiHandler<IncrementalAlterConfigsRequest> {
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private final SettingChanges changes;

    public IncrementalAlterConfigsHandler(SettingChanges changes) {
        this.changes = changes;
    }

    @Override
    public Answer handle(IncrementalAlterConfigsRequest request, RequestContext context) {
        return Answer.now(IncrementalAlterConfigsResponse.builder()
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
        Set<String> seen = new HashSet<>();
        for (AlterableConfig config : resource.configs()) {
            if (!seen.add(config.name())) {
                throw new SettingChanges.Senseless(
                        ErrorCode.INVALID_REQUEST, "Error due to duplicate config keys: " + config.name());
            }
            values.put(config.name(), value(config, present));
        }
        return values;
    }

    private static @Nullable String value(AlterableConfig config, Map<String, String> present) {
        String given = config.value();
        if (config.configOperation() == DELETE) {
            return null;
        }
        if (given == null) {
            throw new SettingChanges.Senseless(
                    ErrorCode.INVALID_REQUEST, "Null value not supported for : " + config.name());
        }
        return switch (config.configOperation()) {
            case SET -> given;
            case APPEND, SUBTRACT -> changedList(config, given, present);
            default ->
                throw new SettingChanges.Senseless(
                        ErrorCode.INVALID_REQUEST,
                        "There is no operation " + config.configOperation() + " on settings.");
        };
    }

    private static String changedList(AlterableConfig config, String given, Map<String, String> present) {
        SettingDefinition definition = TopicSettingCatalog.CATALOG.find(config.name());
        if (definition == null || definition.type() != SettingDefinition.Type.LIST) {
            throw new SettingChanges.Senseless(
                    ErrorCode.INVALID_CONFIG,
                    "Config value append is not allowed for config key: " + config.name() + ", which is not a list");
        }
        String before = present.getOrDefault(config.name(), TopicSettingCatalog.CATALOG.defaultOf(config.name()));
        Set<String> items = new LinkedHashSet<>(SettingDefinition.items(before));
        List<String> change = SettingDefinition.items(given);
        if (config.configOperation() == APPEND) {
            items.addAll(change);
        } else {
            change.forEach(items::remove);
        }
        return String.join(",", items);
    }
}

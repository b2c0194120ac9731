package io.milena.console;

import io.milena.metadata.SettingDefinition;
import io.milena.metadata.TopicSettingCatalog;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.milena.protocol.message.IncrementalAlterConfigsRequest;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.milena.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.milena.protocol.message.IncrementalAlterConfigsResponse;
import io.milena.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of topics, of brokers, and those that a new topic would have. */
final class SettingsPages {
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte SET_BY_DEFAULT = 5;

    private final Cluster cluster;

    SettingsPages(Cluster cluster) {
        this.cluster = cluster;
    }

    /** {@code PATCH /api/v1/topics/{topic}/settings}. */
    Page.Response alter(Request request) throws BadRequest, IOException {
        Fields body = request.body().only("set", "reset", "validateOnly");
        List<AlterableConfig> changes = new ArrayList<>();
        Fields set = body.object("set");
        if (set != null) {
            for (String name : set.names()) {
                changes.add(new AlterableConfig(name, SET, set.textNeeded(name)));
            }
        }
        for (String name : body.texts("reset")) {
            changes.add(new AlterableConfig(name, DELETE, null));
        }
        if (changes.isEmpty()) {
            throw new BadRequest(400, "Nothing is to be changed: name settings in set or reset.");
        }
        alter(request.part("topic"), changes, body.isOn("validateOnly"));
        return Settings.answer(cluster.settings(request.part("topic")));
    }

    /** Null as a value takes the topic's own away. */
    void alter(String topic, List<AlterableConfig> changes, boolean isDryRun) throws BadRequest {
        cluster.topic(topic);
        AlterConfigsResourceResponse altered = cluster.ask(
                        new IncrementalAlterConfigsRequest(
                                List.of(new AlterConfigsResource(Cluster.TOPIC, topic, changes)), isDryRun),
                        IncrementalAlterConfigsResponse.class)
                .responses()
                .getFirst();
        Cluster.check(altered.errorCode(), altered.errorMessage());
    }

    static AlterableConfig change(String name, @Nullable String value) {
        return new AlterableConfig(name, value == null ? DELETE : SET, value);
    }

    /** {@code /api/v1/brokers/{broker}/settings}. */
    Page.Response ofBroker(Request request) throws BadRequest, IOException {
        int broker = (int) request.numberPart("broker", 0, Integer.MAX_VALUE);
        if (cluster.describe().brokers().stream().noneMatch(each -> each.brokerId() == broker)) {
            throw new BadRequest(404, "There is no broker " + broker + ".");
        }
        return Settings.answer(cluster.settings(broker, Cluster.BROKER, Integer.toString(broker)));
    }

    /** {@code /api/v1/topic-settings}: what a topic has that says nothing itself. */
    Page.Response ofNewTopics(Request request) throws BadRequest, IOException {
        Map<String, DescribeConfigsResourceResult> ofBroker = new HashMap<>();
        int here = cluster.brokerId();
        cluster.settings(here, Cluster.BROKER, Integer.toString(here))
                .forEach(setting -> ofBroker.put(setting.name(), setting));
        List<DescribeConfigsResourceResult> settings = new ArrayList<>();
        for (SettingDefinition definition : TopicSettingCatalog.CATALOG.definitions()) {
            DescribeConfigsResourceResult broker =
                    definition.brokerName() == null ? null : ofBroker.get(definition.brokerName());
            settings.add(DescribeConfigsResourceResult.builder()
                    .name(definition.name())
                    .value(broker == null ? definition.defaultValue() : broker.value())
                    .configSource(broker == null ? SET_BY_DEFAULT : broker.configSource())
                    .configType(definition.type().id())
                    .documentation(definition.documentation())
                    .build());
        }
        return Settings.answer(settings);
    }
}

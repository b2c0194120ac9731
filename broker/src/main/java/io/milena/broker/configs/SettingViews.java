package io.milena.broker.configs;

import io.milena.broker.BrokerSettings;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.DynamicSettings;
import io.milena.metadata.GroupConfigs;
import io.milena.metadata.SettingCatalog;
import io.milena.metadata.SettingDefinition;
import io.milena.metadata.Throttles;
import io.milena.metadata.TopicSettingCatalog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings as they are in force, with where each value comes from. */
public final class SettingViews {
    private static final byte TOPIC_SOURCE = 1;
    private static final byte DYNAMIC_BROKER_SOURCE = 2;
    private static final byte DYNAMIC_DEFAULT_SOURCE = 3;
    private static final byte STATIC_BROKER_SOURCE = 4;
    private static final byte DEFAULT_SOURCE = 5;
    private static final byte GROUP_SOURCE = 8;

    private final BrokerSettings broker;

    public SettingViews(BrokerSettings broker) {
        this.broker = broker;
    }

    /** A value and its source, numbered as in the protocol; the first is in force. */
    public record Origin(String name, @Nullable String value, byte source) {}

    /** One setting in force. */
    public record View(SettingDefinition definition, List<Origin> origins) {
        public String name() {
            return definition.name();
        }

        public @Nullable String value() {
            return origins.getFirst().value();
        }

        /** Whether it can be set while the broker runs. */
        public boolean isDynamic() {
            return DynamicSettings.names().contains(name());
        }

        public byte source() {
            return origins.getFirst().source();
        }
    }

    public List<View> ofTopic(ClusterImage image, String topic) {
        return of(image, ClusterImage.Resource.topic(topic), TopicSettingCatalog.CATALOG, TOPIC_SOURCE);
    }

    /** Also of one that is not there: it has them when it comes. */
    public List<View> ofGroup(ClusterImage image, String group) {
        ClusterImage.Resource resource = new ClusterImage.Resource(ClusterImage.Resource.GROUP, group);
        return of(image, resource, GroupConfigs.CATALOG, GROUP_SOURCE);
    }

    private List<View> of(ClusterImage image, ClusterImage.Resource resource, SettingCatalog catalog, byte ownSource) {
        List<View> views = new ArrayList<>();
        for (SettingDefinition definition : catalog.definitions()) {
            List<Origin> origins = new ArrayList<>();
            addOrigin(image, resource, definition.name(), ownSource, origins);
            String brokerName = definition.brokerName();
            if (brokerName != null) {
                addDynamicOrigins(image, brokerName, origins);
            }
            if (brokerName != null && broker.given().containsKey(brokerName)) {
                origins.add(new Origin(brokerName, broker.effective(brokerName), STATIC_BROKER_SOURCE));
            }
            String byDefault = brokerName == null ? definition.defaultValue() : broker.effective(brokerName);
            origins.add(new Origin(brokerName == null ? definition.name() : brokerName, byDefault, DEFAULT_SOURCE));
            views.add(new View(definition, origins));
        }
        return views;
    }

    /** What was set for all brokers while they ran. */
    public List<View> ofAllBrokers(ClusterImage image) {
        List<View> views = new ArrayList<>();
        for (String name : DynamicSettings.names()) {
            List<Origin> origins = new ArrayList<>();
            addOrigin(image, ClusterImage.Resource.allBrokers(), name, DYNAMIC_DEFAULT_SOURCE, origins);
            SettingDefinition definition = BrokerSettings.catalog().find(name);
            SettingDefinition known = definition == null ? Throttles.CATALOG.find(name) : definition;
            if (!origins.isEmpty() && known != null) {
                views.add(new View(known, origins));
            }
        }
        return views;
    }

    private void addDynamicOrigins(ClusterImage image, String name, List<Origin> origins) {
        addOrigin(image, ClusterImage.Resource.broker(broker.nodeId()), name, DYNAMIC_BROKER_SOURCE, origins);
        addOrigin(image, ClusterImage.Resource.allBrokers(), name, DYNAMIC_DEFAULT_SOURCE, origins);
    }

    private static void addOrigin(
            ClusterImage image, ClusterImage.Resource resource, String name, byte source, List<Origin> origins) {
        String value = image.settings(resource).get(name);
        if (value != null) {
            origins.add(new Origin(name, value, source));
        }
    }

    /** Of this broker: how it was started, and what was set since for it or for all brokers. */
    public List<View> ofBroker(ClusterImage image) {
        List<View> views = new ArrayList<>();
        for (SettingDefinition definition : Throttles.CATALOG.definitions()) {
            List<Origin> origins = new ArrayList<>();
            addDynamicOrigins(image, definition.name(), origins);
            if (!origins.isEmpty()) {
                views.add(new View(definition, origins));
            }
        }
        for (SettingDefinition definition : BrokerSettings.catalog().definitions()) {
            List<Origin> origins = new ArrayList<>();
            addDynamicOrigins(image, definition.name(), origins);
            String given = broker.given().get(definition.name());
            if (given != null) {
                origins.add(new Origin(definition.name(), given, STATIC_BROKER_SOURCE));
            }
            origins.add(new Origin(
                    definition.name(),
                    given == null ? broker.effective(definition.name()) : definition.defaultValue(),
                    DEFAULT_SOURCE));
            views.add(new View(definition, origins));
        }
        return views;
    }
}
